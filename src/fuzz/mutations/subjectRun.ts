// A valid block, what is made of it, and what executing that may end with.
import { equalsBytes } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { InvalidAncestorsError } from '../../block/ancestors.js'
import { readParentHash } from '../../block/decode.js'
import { InvalidBlockError } from '../../block/errors.js'
import { InvalidInputError } from '../../door/errors.js'
import { ParallevmError } from '../../errors.js'
import { InvalidOptionsError } from '../../executor/errors.js'
import type { BlockResult } from '../../types.js'
import type { Random } from '../../workloads/random.js'
import type { MutantExecutor } from './executors.js'
import { MutableTree, mutateBytes } from './mutate.js'
import { reseal } from './reseal.js'
import type { Subject } from './subjects.js'
import { type Branch, encodeTree, parseTree } from './tree.js'

export class SubjectRun {
  readonly subject: Subject
  readonly #random: Random
  readonly #tree: MutableTree
  readonly #ready = new Set<MutantExecutor>()

  constructor(subject: Subject, random: Random) {
    this.subject = subject
    this.#random = random
    this.#tree = new MutableTree(parseTree(subject.bytes))
  }

  /** Changed bytes: a place in the bytes, a field, or a field with the header's roots put right. */
  mutant(): Uint8Array {
    for (;;) {
      const kind = this.#random.below(3)
      const bytes =
        kind === 0
          ? mutateBytes(this.subject.bytes, this.#random)
          : this.#tree.mutate(this.#random, kind === 1 ? undefined : reseal)
      if (!equalsBytes(bytes, this.subject.bytes)) return bytes
    }
  }

  /** Gives the executor the state before the block, unless it has it since `reset`. */
  async prepare(executor: MutantExecutor): Promise<void> {
    if (this.#ready.has(executor)) return
    await executor.setState(this.subject.source())
    this.#ready.add(executor)
  }

  /** After a block became the executor's state. */
  async reset(executor: MutantExecutor): Promise<void> {
    this.#ready.delete(executor)
    await this.prepare(executor)
  }

  async execute(executor: MutantExecutor, bytes: Uint8Array, advance: boolean): Promise<BlockResult | Error> {
    const { parentHeaders, blockHashes, senders } = this.subject
    try {
      return await executor.execute(bytes, { parentHeaders, blockHashes, advance, ...(senders && { senders }) })
    } catch (error) {
      return error as Error
    }
  }

  /** The code, when a changed block may be refused so; else what is wrong. */
  judge(error: Error, bytes: Uint8Array): { code: string } | { problem: string } {
    if (this.#isTyped(error, bytes)) return { code: (error as ParallevmError).code }
    return { problem: `${error.name}: ${error.message}` }
  }

  #isTyped(error: Error, bytes: Uint8Array): boolean {
    if (error instanceof InvalidBlockError) return true
    // It is a child of another block than the header given.
    if (error instanceof InvalidAncestorsError) return this.#namesOtherParent(bytes)
    // What is given is one for each transaction of the unchanged block.
    if (error instanceof InvalidOptionsError) return this.#hasOtherCount(bytes)
    // Not even RLP: nothing.
    if (error instanceof InvalidInputError) return bytes.length === 0
    // What it reads instead is not in the witness.
    return this.subject.partial && error instanceof ParallevmError && error.code.startsWith('MISSING_')
  }

  #hasOtherCount(bytes: Uint8Array): boolean {
    const [, transactions] = parseTree(bytes).items
    return this.subject.senders !== undefined && this.subject.senders.length !== (transactions as Branch).items.length
  }

  #namesOtherParent(bytes: Uint8Array): boolean {
    const [header] = parseTree(bytes).items
    const parentHash = readParentHash(encodeTree(header as never))
    return !equalsBytes(parentHash, keccak_256(this.subject.parentHeaders[0] as Uint8Array))
  }
}
