import { eoaCode7702RecoverAuthority, hexToBytes } from '@ethereumjs/util'
import { Rules } from '../abi/core.generated.js'
import { type EvmBlock, type EvmTransaction, parametersOf } from '../abi/evmRecords.js'
import type { BlockCore } from '../wasm/blockCore.js'
import { EvmCore } from '../wasm/evm.js'
import { forkOf } from './forks.js'
import { bytes32, type Hex, minimalBytes, type PostEntry, type StateTest, word } from './json.js'
import type { RunTransaction, StateTestRunner } from './runner.js'
import { blobBaseFee, blockHashes, senderOf, signedBytes, typeOf } from './transaction.js'

/** The core's own EVM, without JavaScript on the way. */
export class WasmRunner implements StateTestRunner {
  readonly #block: BlockCore
  readonly #evm: EvmCore

  constructor(block: BlockCore) {
    this.#block = block
    this.#evm = new EvmCore(block, 0)
  }

  async prepare(test: StateTest, fork: string, entry: PostEntry): Promise<RunTransaction> {
    this.#evm.setBlock(blockOf(test, fork))
    const signed = signedBytes(entry)
    const tx = signed === undefined ? transactionOf(test, entry) : undefined
    return async () => {
      if (!(tx === undefined ? this.#evm.runSigned(0, signed as Uint8Array) : this.#evm.run(0, tx)))
        throw new TypeError('suspended, although all state is known')
      return this.#block.outcome(0)
    }
  }
}

function blockOf(test: StateTest, fork: string): EvmBlock {
  const { env } = test
  const { rules, hardfork } = forkOf(fork)
  const blobs = test.config?.blobSchedule?.[fork]
  return {
    rules,
    params: parametersOf(hardfork, word(env.currentGasLimit)),
    slotNumber: word(env.slotNumber),
    maxBlobs: blobs === undefined ? (rules >= Rules.PRAGUE ? 9 : 6) : Number(word(blobs.max)),
    number: word(env.currentNumber),
    timestamp: word(env.currentTimestamp),
    gasLimit: word(env.currentGasLimit),
    coinbase: hexToBytes(env.currentCoinbase as Hex),
    prevRandao: rules >= Rules.PARIS ? word(env.currentRandom) : word(env.currentDifficulty),
    baseFee: rules >= Rules.LONDON ? word(env.currentBaseFee ?? '0x0a') : 0n,
    blobBaseFee: rules >= Rules.CANCUN ? blobBaseFee(test, fork) : 0n,
    chainId: word(test.config?.chainid ?? '0x1'),
    blockHashes: [...blockHashes(test).values()],
  }
}

function transactionOf(test: StateTest, entry: PostEntry): EvmTransaction {
  const { transaction: tx } = test
  const { indexes } = entry
  const accessList = tx.accessLists?.[indexes.data] ?? undefined
  return {
    type: typeOf(test, entry),
    sender: senderOf(test),
    to: tx.to === '' ? undefined : hexToBytes(tx.to),
    nonce: word(tx.nonce),
    gasLimit: word(tx.gasLimit[indexes.gas]),
    value: word(tx.value[indexes.value]),
    maxFeePerGas: word(tx.gasPrice ?? tx.maxFeePerGas),
    maxPriorityFeePerGas: word(tx.maxPriorityFeePerGas),
    maxFeePerBlobGas: word(tx.maxFeePerBlobGas),
    data: hexToBytes(tx.data[indexes.data] as Hex),
    accessList: accessList?.map(({ address, storageKeys }) => ({
      address: hexToBytes(address),
      keys: storageKeys.map(bytes32),
    })),
    blobHashes: tx.blobVersionedHashes?.map((hash) => hexToBytes(hash)),
    authorisations: tx.authorizationList?.map((auth) => ({
      chainId: word(auth.chainId),
      address: hexToBytes(auth.address as Hex),
      nonce: word(auth.nonce),
      authority: authorityOf(auth),
    })),
  }
}

const SECP256K1_HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

function authorityOf(auth: Record<string, Hex>): Uint8Array | undefined {
  const parity = word(auth.yParity ?? auth.v)
  // What makes a signature invalid but would still give a key: parity beyond 1, s in the upper half (EIP-7702).
  if (parity > 1n || word(auth.s) > SECP256K1_HALF_ORDER) return undefined
  const field = (hex: Hex | undefined) => minimalBytes(word(hex))
  try {
    const address = hexToBytes(auth.address as Hex)
    const fields = [field(auth.chainId), address, field(auth.nonce), minimalBytes(parity), field(auth.r), field(auth.s)]
    return eoaCode7702RecoverAuthority(fields as never).bytes
  } catch {
    return undefined // the signature recovers to nobody: the authorisation is skipped
  }
}
