import { STEP_SIZE } from './blockSteps.js'

// The request of one block as it lies in the shared memory: written by the executor, read by every worker. Byte strings are
// (pointer, length) pairs, so that a worker decodes only what it executes.
//
//   u32 words: see the W_* indices. A transaction's entry in the table: pointer, length of its EIP-2718 bytes.
//   A sender's entry: 20 bytes. A block hash's entry: u64 number, 32 bytes hash, each entry 40 bytes.

const W_TX_COUNT = 0
const W_TXS = 1
const W_SENDERS = 2
/** One i32 per transaction, atomic: SENDER_*. A sender's bytes are written before its word leaves SENDER_UNKNOWN. */
const W_SENDER_WORDS = 3
const W_BLOCK = 4
const W_BLOCK_LENGTH = 5
const W_HASHES = 6
const W_HASH_COUNT = 7
const W_FLAGS = 8
/** i32, atomic: next batch of transactions whose senders are to be recovered. */
const W_SENDER_CURSOR = 9
/** i32, atomic: PHASE_*, see the root stage in workers/blockParticipant.ts. */
const W_PHASE = 10
/** 32 bytes a transaction: state roots after each, before Byzantium. */
const W_TX_ROOTS = 11
/** Pointer and length of the hardfork's name, ASCII. */
const W_HARDFORK = 12
const W_HARDFORK_LENGTH = 13
/** For the core's own engine (FLAG_WASM): the block as its transactions see it (assembly/evm/blockEnv.ts). */
const W_ENV = 16
/** Its steps before and after the transactions (assembly/block/work.ts): pointer and number each. */
const W_STEPS_BEFORE = 17
const W_STEPS_AFTER = 19
/** One i32 per transaction, atomic: what the core decoded. */
const W_RECORDS = 21
const WORDS = 24

export const SENDER_UNKNOWN = 0
export const SENDER_KNOWN = 1
/** The signature recovers to no address. */
export const SENDER_INVALID = 2

export const FLAG_SEQUENTIAL = 1
export const FLAG_TX_ROOTS = 2
export const FLAG_ROOT = 4
/** What is missing can be fetched: ask the executor's thread for it. */
export const FLAG_ASYNC = 8
/** The executor's own thread takes part. */
export const FLAG_HOST = 32
/** The core executes the block itself. */
export const FLAG_WASM = 16

/** Access to the shared memory that stays right when it grows. */
export interface MemoryView {
  /** Pointer to `size` bytes that live until the block ends, contents undefined. */
  blockAlloc(size: number): number
  /** A view; valid until the memory grows. */
  bytes(pointer: number, length: number): Uint8Array
  words(pointer: number, count: number): Int32Array
}

export interface BlockRequestInput {
  /** EIP-2718 bytes (RLP for legacy ones). */
  transactions: readonly Uint8Array[]
  senders?: readonly Uint8Array[]
  /** RLP of [header, [], uncles, withdrawals?]: the block without its transactions. */
  block: Uint8Array
  blockHashes: ReadonlyMap<bigint, Uint8Array>
  /** Name of the hardfork whose rules hold. */
  hardfork: string
  flags: number
  /** What the core needs to execute the block itself: FLAG_WASM. */
  records?: BlockRecords
}

/** A block in the core's own terms (wasm/blockSteps.ts, wasm/evmRecords.ts). */
export interface BlockRecords {
  env: Uint8Array
  stepsBefore: Uint8Array
  stepsAfter: Uint8Array
}

export function writeRequest(memory: MemoryView, input: BlockRequestInput): number {
  const { transactions, senders, block, blockHashes } = input
  const count = transactions.length
  const put = (bytes: Uint8Array): number => {
    const at = memory.blockAlloc(Math.max(bytes.length, 1))
    memory.bytes(at, bytes.length).set(bytes)
    return at
  }
  const request = memory.blockAlloc(WORDS * 4)
  const table = memory.blockAlloc(Math.max(count * 8, 8))
  const senderBytes = memory.blockAlloc(Math.max(count * 20, 4))
  const senderWords = memory.blockAlloc(Math.max(count * 4, 4))
  const payload = memory.blockAlloc(
    Math.max(
      1,
      transactions.reduce((sum, tx) => sum + tx.length, 0),
    ),
  )
  const hashes = memory.blockAlloc(Math.max(blockHashes.size * 40, 8))
  const txRoots = input.flags & FLAG_TX_ROOTS ? memory.blockAlloc(Math.max(count * 32, 32)) : 0
  const blockAt = put(block)
  const hardfork = new TextEncoder().encode(input.hardfork)
  const hardforkAt = put(hardfork)

  const entries = memory.words(table, count * 2)
  const all = memory.bytes(
    payload,
    transactions.reduce((sum, tx) => sum + tx.length, 0),
  )
  let offset = 0
  transactions.forEach((tx, i) => {
    all.set(tx, offset)
    entries[2 * i] = payload + offset
    entries[2 * i + 1] = tx.length
    offset += tx.length
  })
  memory.words(senderWords, count).fill(senders ? SENDER_KNOWN : SENDER_UNKNOWN)
  senders?.forEach((sender, i) => {
    memory.bytes(senderBytes + 20 * i, 20).set(sender)
  })
  let at = hashes
  for (const [number, hash] of blockHashes) {
    const words = memory.words(at, 2)
    words[0] = Number(number & 0xffffffffn)
    words[1] = Number(number >> 32n)
    memory.bytes(at + 8, 32).set(hash)
    at += 40
  }
  const words = memory.words(request, WORDS).fill(0)
  words[W_TX_COUNT] = count
  words[W_TXS] = table
  words[W_SENDERS] = senderBytes
  words[W_SENDER_WORDS] = senderWords
  words[W_BLOCK] = blockAt
  words[W_BLOCK_LENGTH] = block.length
  words[W_HASHES] = hashes
  words[W_HASH_COUNT] = blockHashes.size
  words[W_FLAGS] = input.flags
  words[W_TX_ROOTS] = txRoots
  if (senders !== undefined) words[W_SENDER_CURSOR] = count
  if (input.records !== undefined) {
    const { env, stepsBefore, stepsAfter } = input.records
    words[W_FLAGS] = input.flags | FLAG_WASM
    words[W_ENV] = put(env)
    words[W_STEPS_BEFORE] = put(stepsBefore)
    words[W_STEPS_BEFORE + 1] = stepsBefore.length / STEP_SIZE
    words[W_STEPS_AFTER] = put(stepsAfter)
    words[W_STEPS_AFTER + 1] = stepsAfter.length / STEP_SIZE
    words[W_RECORDS] = memory.blockAlloc(Math.max(count * 4, 4))
    memory.words(words[W_RECORDS] >>> 0, count).fill(0)
  }
  words[W_HARDFORK] = hardforkAt
  words[W_HARDFORK_LENGTH] = hardfork.length
  return request
}

/** A worker's, or the executor's, view of the request. */
export class BlockRequest {
  /** Where it lies. */
  readonly pointer: number
  readonly count: number
  readonly flags: number
  readonly #memory: MemoryView
  readonly #words: Int32Array
  /** (pointer, length) of each transaction. */
  readonly #table: Int32Array
  readonly #senderWords: Int32Array

  constructor(memory: MemoryView, request: number) {
    this.#memory = memory
    this.pointer = request
    this.#words = memory.words(request, WORDS)
    this.count = this.#word(W_TX_COUNT)
    this.flags = this.#word(W_FLAGS)
    this.#table = memory.words(this.#word(W_TXS), 2 * this.count)
    this.#senderWords = memory.words(this.#word(W_SENDER_WORDS), this.count)
  }

  #word(index: number): number {
    return (this.#words[index] as number) >>> 0
  }

  /** A copy of a transaction's EIP-2718 bytes. */
  transaction(index: number): Uint8Array {
    const pointer = (this.#table[2 * index] as number) >>> 0
    return this.#memory.bytes(pointer, this.#table[2 * index + 1] as number).slice()
  }

  /** RLP of [header, [], uncles, withdrawals?]. */
  block(): Uint8Array {
    return this.#memory.bytes(this.#word(W_BLOCK), this.#word(W_BLOCK_LENGTH)).slice()
  }

  hardfork(): string {
    return String.fromCharCode(...this.#memory.bytes(this.#word(W_HARDFORK), this.#word(W_HARDFORK_LENGTH)))
  }

  blockHashes(): Map<bigint, Uint8Array> {
    const hashes = new Map<bigint, Uint8Array>()
    for (let i = 0; i < this.#word(W_HASH_COUNT); i++) {
      const at = this.#word(W_HASHES) + 40 * i
      const [low, high] = this.#memory.words(at, 2)
      const number = (BigInt((high as number) >>> 0) << 32n) | BigInt((low as number) >>> 0)
      hashes.set(number, this.#memory.bytes(at + 8, 32).slice())
    }
    return hashes
  }

  /** SENDER_*. */
  senderState(index: number): number {
    return Atomics.load(this.#senderWords, index)
  }

  /** A copy; valid once the state is SENDER_KNOWN. */
  sender(index: number): Uint8Array {
    return this.#memory.bytes(this.#word(W_SENDERS) + 20 * index, 20).slice()
  }

  /** Two threads may set the same sender: they write the same bytes. */
  setSender(index: number, address: Uint8Array | undefined): void {
    if (address !== undefined) this.#memory.bytes(this.#word(W_SENDERS) + 20 * index, 20).set(address)
    Atomics.store(this.#senderWords, index, address === undefined ? SENDER_INVALID : SENDER_KNOWN)
  }

  /** First of the next `size` transactions whose senders nobody took yet; may lie beyond the last. */
  takeSenders(size: number): number {
    return Atomics.add(this.#words, W_SENDER_CURSOR, size)
  }

  get phase(): { words: Int32Array; index: number } {
    return { words: this.#words, index: W_PHASE }
  }

  /** Pointer to the 32 bytes for the state root after a transaction (FLAG_TX_ROOTS). */
  txRootAt(index: number): number {
    return this.#word(W_TX_ROOTS) + 32 * index
  }
}
