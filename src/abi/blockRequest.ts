import {
  BR_SIZE,
  D_HEADER,
  D_TX_COUNT,
  D_TXS,
  D_UNCLES,
  D_WITHDRAWAL_COUNT,
  D_WITHDRAWALS,
  FLAG_CORE,
  FLAG_RECEIPTS,
  FLAG_TX_ROOTS,
  G_ENTRIES,
  GROUP_BITS,
  GROUP_ENTRY,
  Q_BLOCK,
  Q_DEPOSITS,
  Q_ENV,
  Q_FLAGS,
  Q_HARDFORK,
  Q_HARDFORK_LENGTH,
  Q_HASH_BYTES,
  Q_HASH_COUNT,
  Q_HASH_SIZE,
  Q_HASHES,
  Q_PHASE,
  Q_RECEIPTS,
  Q_RECORDS,
  Q_SENDER_BATCH,
  Q_SENDER_CURSOR,
  Q_SENDER_WORDS,
  Q_SENDERS,
  Q_SERIAL,
  Q_SIZE,
  Q_TOTALS,
  Q_TX_COUNT,
  Q_TX_GROUPS,
  Q_TX_ROOTS,
  Q_TXS,
  Q_WITHDRAWAL_GROUPS,
  Q_WORK_AFTER,
  Q_WORK_AFTER_COUNT,
  Q_WORK_BEFORE,
  Q_WORK_BEFORE_COUNT,
  SCAN_SIZE,
  SENDER_INVALID,
  SENDER_KNOWN,
  SENDER_UNKNOWN,
  SLICE_ADDRESS,
  SLICE_LENGTH,
  SLICE_SIZE,
  STEP_SIZE,
} from './core.generated.js'

// Writes and reads the request of one block (assembly/abi/blockRequest.ts).

/** Access to the shared memory. */
export interface MemoryView {
  /** Pointer to `size` bytes that live until the block ends, contents undefined. */
  blockAlloc(size: number): number
  /** A view. */
  bytes(pointer: number, length: number): Uint8Array
  words(pointer: number, count: number): Int32Array
}

export interface BlockRequestInput {
  /** Address of the record of the block's parts: assembly/abi/blockParts.ts. */
  block: number
  /** 20 bytes a transaction, one after another. */
  senders?: Uint8Array
  /** Signatures that a thread takes at a time: 1 to SENDER_BATCH_MOST. */
  senderBatch: number
  /** Whether the roots of the body are to be compared with the header. */
  checksBody: boolean
  /** The deposit contract, 20 bytes, where the block's own work asks for its logs (EIP-6110). */
  deposits?: Uint8Array
  blockHashes: ReadonlyMap<bigint, Uint8Array>
  /** Name of the hardfork whose rules hold. */
  hardfork: string
  flags: number
  serial: number
  /** What the core needs to execute the block itself: FLAG_CORE. */
  records?: BlockRecords
}

/** A block in the core's own terms (blockSteps.ts, evmRecords.ts). */
export interface BlockRecords {
  env: Uint8Array
  stepsBefore: Uint8Array
  stepsAfter: Uint8Array
}

export function writeRequest(memory: MemoryView, input: BlockRequestInput): number {
  const { block, senders, blockHashes } = input
  const parts = memory.words(block, D_WITHDRAWAL_COUNT / 4 + 1)
  const count = parts[D_TX_COUNT / 4] as number
  const put = (bytes: Uint8Array): number => {
    const at = memory.blockAlloc(Math.max(bytes.length, 1))
    memory.bytes(at, bytes.length).set(bytes)
    return at
  }
  const request = memory.blockAlloc(Q_SIZE)
  const senderBytes = memory.blockAlloc(Math.max(count * 20, 4))
  const senderWords = memory.blockAlloc(Math.max(count * 4, 4))
  const hashes = memory.blockAlloc(Math.max(blockHashes.size * Q_HASH_SIZE, Q_HASH_SIZE))
  const receipts = input.flags & FLAG_RECEIPTS ? groups(memory, count) : 0
  const totals = memory.blockAlloc(BR_SIZE)
  memory.bytes(totals, BR_SIZE).fill(0)
  const txRoots = input.flags & FLAG_TX_ROOTS ? memory.blockAlloc(Math.max(count * 32, 32)) : 0
  const hardfork = new TextEncoder().encode(input.hardfork)
  const hardforkAt = put(hardfork)
  memory.words(senderWords, count).fill(senders ? SENDER_KNOWN : SENDER_UNKNOWN)
  if (senders !== undefined) memory.bytes(senderBytes, count * 20).set(senders)
  let at = hashes
  for (const [number, hash] of blockHashes) {
    const words = memory.words(at, 2)
    words[0] = Number(number & 0xffffffffn)
    words[1] = Number(number >> 32n)
    memory.bytes(at + Q_HASH_BYTES, 32).set(hash)
    at += Q_HASH_SIZE
  }
  const words = memory.words(request, Q_SIZE / 4).fill(0)
  const set = (field: number, value: number): void => {
    words[field / 4] = value
  }
  set(Q_TX_COUNT, count)
  set(Q_TXS, parts[D_TXS / 4] as number)
  set(Q_SENDERS, senderBytes)
  set(Q_SENDER_WORDS, senderWords)
  set(Q_BLOCK, block)
  set(Q_HASHES, hashes)
  set(Q_HASH_COUNT, blockHashes.size)
  set(Q_FLAGS, input.flags)
  set(Q_TX_ROOTS, txRoots)
  set(Q_RECEIPTS, receipts)
  set(Q_TOTALS, totals)
  if (input.checksBody) {
    set(Q_TX_GROUPS, groups(memory, count))
    const hasWithdrawals = parts[(D_WITHDRAWALS + SLICE_ADDRESS) / 4] !== 0
    if (hasWithdrawals) set(Q_WITHDRAWAL_GROUPS, groups(memory, parts[D_WITHDRAWAL_COUNT / 4] as number))
  }
  if (input.deposits !== undefined) set(Q_DEPOSITS, put(input.deposits))
  set(Q_SERIAL, input.serial)
  set(Q_SENDER_BATCH, input.senderBatch)
  if (senders !== undefined) set(Q_SENDER_CURSOR, count)
  if (input.records !== undefined) {
    const { env, stepsBefore, stepsAfter } = input.records
    set(Q_FLAGS, input.flags | FLAG_CORE)
    set(Q_ENV, put(env))
    set(Q_WORK_BEFORE, put(stepsBefore))
    set(Q_WORK_BEFORE_COUNT, stepsBefore.length / STEP_SIZE)
    set(Q_WORK_AFTER, put(stepsAfter))
    set(Q_WORK_AFTER_COUNT, stepsAfter.length / STEP_SIZE)
    const records = memory.blockAlloc(Math.max(count * 4, 4))
    set(Q_RECORDS, records)
    memory.words(records, count).fill(0)
  }
  set(Q_HARDFORK, hardforkAt)
  set(Q_HARDFORK_LENGTH, hardfork.length)
  return request
}

/** Place for an ordered trie that is made in groups: assembly/abi/orderedGroups.ts. */
export function groups(memory: MemoryView, count: number): number {
  const size = G_ENTRIES + GROUP_ENTRY * ((count >> GROUP_BITS) + 1)
  const at = memory.blockAlloc(size)
  memory.bytes(at, size).fill(0)
  return at
}

/** A worker's, or the executor's, view of the request. */
export class BlockRequest {
  /** Where it lies. */
  readonly pointer: number
  readonly count: number
  readonly flags: number
  /** Tells the block from those before and after it. */
  readonly serial: number
  readonly #memory: MemoryView
  readonly #words: Int32Array
  /** A SCAN record of each transaction. */
  readonly #table: Int32Array
  readonly #senderWords: Int32Array

  constructor(memory: MemoryView, request: number) {
    this.#memory = memory
    this.pointer = request
    this.#words = memory.words(request, Q_SIZE / 4)
    this.count = this.#word(Q_TX_COUNT)
    this.flags = this.#word(Q_FLAGS)
    this.serial = this.#word(Q_SERIAL)
    this.#table = memory.words(this.#word(Q_TXS), (this.count * SCAN_SIZE) / 4)
    this.#senderWords = memory.words(this.#word(Q_SENDER_WORDS), this.count)
  }

  #word(field: number): number {
    return (this.#words[field / 4] as number) >>> 0
  }

  /** A copy of a transaction's EIP-2718 bytes. */
  transaction(index: number): Uint8Array {
    return this.#copy(this.#table, index * SCAN_SIZE) as Uint8Array
  }

  /** RLP of the parts of the block besides its transactions. `withdrawals`: undefined when it has no list of them. */
  parts(): { header: Uint8Array; uncles: Uint8Array; withdrawals: Uint8Array | undefined } {
    const words = this.#memory.words(this.#word(Q_BLOCK), (D_WITHDRAWALS + SLICE_SIZE) / 4)
    const [header, uncles, withdrawals] = [D_HEADER, D_UNCLES, D_WITHDRAWALS].map((at) => this.#copy(words, at))
    return { header: header as Uint8Array, uncles: uncles as Uint8Array, withdrawals }
  }

  /** A copy of the bytes that a slice names; undefined without an address. */
  #copy(words: Int32Array, slice: number): Uint8Array | undefined {
    const address = (words[(slice + SLICE_ADDRESS) / 4] as number) >>> 0
    if (address === 0) return undefined
    return this.#memory.bytes(address, words[(slice + SLICE_LENGTH) / 4] as number).slice()
  }

  hardfork(): string {
    return String.fromCharCode(...this.#memory.bytes(this.#word(Q_HARDFORK), this.#word(Q_HARDFORK_LENGTH)))
  }

  blockHashes(): Map<bigint, Uint8Array> {
    const hashes = new Map<bigint, Uint8Array>()
    for (let i = 0; i < this.#word(Q_HASH_COUNT); i++) {
      const at = this.#word(Q_HASHES) + Q_HASH_SIZE * i
      const [low, high] = this.#memory.words(at, 2)
      const number = (BigInt((high as number) >>> 0) << 32n) | BigInt((low as number) >>> 0)
      hashes.set(number, this.#memory.bytes(at + Q_HASH_BYTES, 32).slice())
    }
    return hashes
  }

  /** SENDER_*. */
  senderState(index: number): number {
    return Atomics.load(this.#senderWords, index)
  }

  /** A copy; valid once the state is SENDER_KNOWN. */
  sender(index: number): Uint8Array {
    return this.#memory.bytes(this.#word(Q_SENDERS) + 20 * index, 20).slice()
  }

  /** Two threads may set the same sender: they write the same bytes. */
  setSender(index: number, address: Uint8Array | undefined): void {
    if (address !== undefined) this.#memory.bytes(this.#word(Q_SENDERS) + 20 * index, 20).set(address)
    Atomics.store(this.#senderWords, index, address === undefined ? SENDER_INVALID : SENDER_KNOWN)
  }

  /** The next transactions whose senders nobody took yet: from `first` up to `end`; none are left when they are the same. */
  takeSenders(): { first: number; end: number } {
    const size = this.#word(Q_SENDER_BATCH)
    const first = Math.min(Atomics.add(this.#words, Q_SENDER_CURSOR / 4, size), this.count)
    return { first, end: Math.min(first + size, this.count) }
  }

  get phase(): { words: Int32Array; index: number } {
    return { words: this.#words, index: Q_PHASE / 4 }
  }

  /** Pointer to the 32 bytes for the state root after a transaction (FLAG_TX_ROOTS). */
  txRootAt(index: number): number {
    return this.#word(Q_TX_ROOTS) + 32 * index
  }
}
