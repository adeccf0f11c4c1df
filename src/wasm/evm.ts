// The core's EVM as one thread drives it.

import { type EvmBlock, type EvmTransaction, encodeBlock, encodeTransaction } from '../abi/evmRecords.js'
import { Status } from '../abi/exports.js'
import type { BlockCore } from './blockCore.js'
import { Transfer } from './core.js'

/**
 * Runs transactions of the block that a {@link BlockCore} has begun, without JavaScript on the way. Their outcomes are the
 * bytes that decodeOutcome (src/abi) reads.
 */
export class EvmCore {
  readonly #block: BlockCore
  readonly #env: Transfer
  readonly #request: Transfer

  /** @throws OutOfSpaceError */
  constructor(block: BlockCore, threadId: number) {
    this.#block = block
    this.#env = new Transfer(block.core)
    this.#request = new Transfer(block.core)
    if (!block.exports.evmThreadInit(threadId)) throw block.outOfSpace(1 << 22)
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
    const at = this.#request.reserve(record.length)
    this.#block.core.bytes.set(record, at)
    this.#block.exports.txBegin(index)
    const status = this.#block.exports.runTransaction(at)
    if (status === Status.BLOCKED || status === Status.MISSING) return false
    this.#block.check(status, 'the state before the block')
    return true
  }
}
