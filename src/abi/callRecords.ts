// Writes the records of many plain questions into shared memory in one pass: assembly/abi/transaction.ts. What is not plain
// is encoded by evmRecords.ts.
import * as abi from './core.generated.js'
import { type EvmTransaction, encodeTransaction } from './evmRecords.js'
import { putWord } from './word256.js'

/** A call with neither lists nor anything that it supposes alone. */
export interface PlainCall {
  from?: Uint8Array | undefined
  to?: Uint8Array | undefined
  data?: Uint8Array | undefined
  value?: bigint | undefined
  gas?: bigint | undefined
  gasPrice?: bigint | undefined
}

/** What plain calls that run together share. */
export interface CallFrame {
  /** Gas of those that give no limit. */
  gasLimit: bigint
  chainId: bigint
  /** RECORD_* flags. */
  flags: number
}

/** Calls up to this long are copied byte by byte: a call of set() costs more. */
const SHORT = 128

/** Bytes that a record and its neighbour are apart: each begins where the core may read words of 16 bytes. */
export function recordRoom(size: number): number {
  return (size + 15) & ~15
}

export function plainSize({ data }: PlainCall): number {
  return abi.R_SIZE + (data === undefined ? 0 : data.length)
}

/** Over the whole memory. */
export class CallWriter {
  readonly #bytes: Uint8Array
  readonly #view: DataView

  constructor(memory: Uint8Array) {
    this.#bytes = memory
    this.#view = new DataView(memory.buffer)
  }

  /** At memory that is zero. */
  plain(at: number, call: PlainCall, { gasLimit, chainId, flags }: CallFrame): void {
    const { from, to, data, value, gas, gasPrice } = call
    const view = this.#view
    view.setUint32(at + abi.R_FLAGS, flags | (to === undefined ? abi.RECORD_CREATE : 0), true)
    view.setBigUint64(at + abi.R_GAS_LIMIT, gas ?? gasLimit, true)
    view.setBigUint64(at + abi.R_CHAIN_ID, chainId, true)
    if (from !== undefined) this.#copy(at + abi.R_SENDER, from)
    if (to !== undefined) this.#copy(at + abi.R_TO, to)
    if (value) putWord(view, at + abi.R_VALUE, value)
    if (gasPrice) putWord(view, at + abi.R_MAX_FEE, gasPrice)
    view.setUint32(at + abi.R_DATA, abi.R_SIZE, true)
    if (data === undefined) return
    view.setUint32(at + abi.R_DATA_LENGTH, data.length, true)
    this.#copy(at + abi.R_SIZE, data)
  }

  any(at: number, tx: EvmTransaction): void {
    this.#bytes.set(encodeTransaction(tx), at)
  }

  #copy(at: number, from: Uint8Array): void {
    const bytes = this.#bytes
    const length = from.length
    if (length > SHORT) bytes.set(from, at)
    else for (let i = 0; i < length; i++) bytes[at + i] = from[i] as number
  }
}
