// The core's EVM as one thread drives it.

import { CHUNK_SIZE, EVM_THREAD_CHUNKS, Status } from '../abi/core.generated.js'
import { type EvmBlock, type EvmTransaction, encodeBlock, encodeTransaction } from '../abi/evmRecords.js'
import type { BlockCore } from './blockCore.js'
import { Transfer } from './core.js'

/**
 * Runs transactions of the block that a {@link BlockCore} has begun, without JavaScript on the way. Their outcomes are the
 * bytes that decodeOutcome (src/abi) reads.
 */
export class EvmCore {
  readonly #block: BlockCore
  readonly #env: Transfer
  readonly #record: Transfer

  /** @throws OutOfSpaceError */
  constructor(block: BlockCore, threadId: number) {
    this.#block = block
    this.#env = new Transfer(block.core)
    this.#record = new Transfer(block.core)
    if (!block.exports.evmThreadInit(threadId)) throw block.outOfSpace(EVM_THREAD_CHUNKS * CHUNK_SIZE)
  }

  /** Sets the block that the following transactions belong to. @throws OutOfSpaceError */
  setBlock(env: EvmBlock): void {
    const record = encodeBlock(env)
    const at = this.#env.reserve(record.length)
    this.#block.core.bytes.set(record, at)
    this.#block.exports.setBlockEnv(at)
  }

  /**
   * Runs transaction `index`, which nextTask answered.
   * @returns false when it was suspended and will be handed out again
   * @throws OutOfSpaceError, MalformedStateError
   */
  run(index: number, tx: EvmTransaction): boolean {
    return this.runRecord(index, encodeTransaction(tx))
  }

  /** The same for a transaction that is encoded already (see encodeTransaction). */
  runRecord(index: number, record: Uint8Array): boolean {
    return this.#run(index, record, (at) => this.#block.exports.runTransaction(at))
  }

  /** The same for a signed transaction as EIP-2718 bytes, from whoever signed it; other bytes are refused. */
  runSigned(index: number, bytes: Uint8Array): boolean {
    return this.#run(index, bytes, (at) => this.#block.exports.runSigned(at, bytes.length))
  }

  #run(index: number, input: Uint8Array, execute: (at: number) => number): boolean {
    const at = this.#record.reserve(input.length)
    this.#block.core.bytes.set(input, at)
    this.#block.exports.txBegin(index)
    const status = execute(at)
    if (status === Status.BLOCKED || status === Status.MISSING) return false
    this.#block.check(status, 'the state before the block')
    return true
  }
}
