// The typed view of assembly/index.ts. Each room adds one interface; pointers and sizes are u32 that JavaScript receives
// as signed numbers (read them with `>>> 0`), a 64-bit integer is a bigint, a status is one of Status (core.generated.ts).

export interface MemoryExports {
  /** Bytes in chunks that are handed out to arenas. */
  usedBytes(): bigint
  /** Makes a memory that no thread uses any more as good as new. Before threadInit. */
  resetMemory(): void
  setMayWait(value: boolean | number): void
  /** Address of contiguous chunks of 256 KiB, 0 when there is no room. */
  takeChunks(count: number): number
  giveChunks(at: number, count: number): void
}

export interface HashExports {
  keccak256(input: number, length: number, out: number): void
  keccak256Batch(inputs: number, stride: number, length: number, count: number, out: number): void
  keccakPair(a: number, lengthA: number, b: number, lengthB: number, outA: number, outB: number): void
}

/** A WebAssembly.Global of the calling thread's instance. */
export interface Global<T> {
  readonly value: T
}

export interface RlpExports {
  /** Reads the item at `at`: its status; what was found is in the item* globals. */
  rlpItem(at: number, end: number): number
  rlpU64(at: number, end: number): number
  rlpWord(at: number, end: number, out: number): number
  /** Checks the item that fills [at, end), and every item in it. */
  rlpCheck(at: number, end: number): number
  itemData: Global<number>
  itemLength: Global<number>
  itemEnd: Global<number>
  itemIsList: Global<number>
  itemInteger: Global<bigint>
  /** The writers return the address after what they wrote. */
  writeListHeader(out: number, length: number): number
  writeString(out: number, bytes: number, length: number): number
  writeU64(out: number, value: bigint): number
  writeWord(out: number, word: number): number
}

export interface TrieExports {
  /** Makes the instance the trie thread `id`; once per instance, before any other call on tries. */
  trieInit(id: number): number
  /** Address of the record of what was missing or malformed (assembly/trie/context.ts, FAULT_*). */
  trieFault(): number
  trieFromHash(hash: number, out: number): number
  trieGet(root: number, key: number, nibbles: number, out: number): number
  trieUpdate(root: number, entries: number, count: number, out: number): number
  trieHash(root: number, out: number): number
  /** Sorts entries (assembly/trie/entries.ts) and drops overridden ones; `sortedCount` are left. */
  /** While it is on, this thread notes the nodes that it hashes (assembly/abi/trie.ts). */
  noteFreshNodes(wanted: boolean): void
  lastNote(): number
  sortEntries(entries: number, count: number): number
  sortedCount: Global<number>
  witnessReserve(size: number): number
  witnessAddAll(packed: number, count: number): number
  /** `values`: (u32 address, u32 length) each. */
  orderedRoot(values: number, count: number, out: number): number
  trieBytes(): bigint
  /** Compacts the tries of the base state; every other handle is dead afterwards. trieTidy only does so when it pays. */
  trieCompact(): number
  trieTidy(): number
  stateTrie(): number
  setStateTrie(handle: number): void
  /** Over DIFF records that the caller has written. */
  rootPrepare(diffs: number, count: number, before: number): void
  rootPrepareAll(): number
  rootWork(): number
  rootResult(out: number): number
  rootAdopt(): void
  rootDrop(): void
  rootAbort(status: number): void
  rootFault(): number
  /** Lists what the block changes in the rows of a state store, after rootResult was OK: its status. */
  listChanges(): number
  changesAt(): number
  changesLength: Global<number>
  freeChanges(): void
}

export interface StateExports {
  /** Makes the calling instance thread `id` (0 to 63). Address of its 64 KiB window for passing bytes, 0: out of space. */
  threadInit(id: number): number
  /** Once per memory, after threadInit. False: out of space. */
  initTables(seed: bigint): number
  /** What the last read of this thread that answered MISSING asked for: one of Missing, and its record. */
  lastMissingKind(): number
  lastMissingRecord(): number
  /** What the transaction that this thread suspended last met ahead, latest first: a list, 0 at its end; each as above. */
  lookNotes(): number
  noteNext(note: number): number
  noteKind(note: number): number
  noteRecord(note: number): number
  /** Whether the last of the list, or the value above, is needed whatever other transactions do. */
  isSure(): number
  /** Address of an account record; `address`: 20 bytes. 0: out of space. */
  internAccount(address: number): number
  internSlot(account: number, key: number): number
  internCode(bytes: number, length: number, hash: number): number
  findCode(hash: number): number
  /** Address of a record that need not have the bytes. */
  internCodeHash(hash: number): number
  /** Brings in the bytes of a record where a state store has them: its status. */
  resolveCode(code: number, account: number): number
  setSource(source: number): void
  setBaseAccount(account: number, nonce: bigint, balance: number, codeHash: number, storageRoot: number): void
  setBaseAbsent(account: number): void
  setBaseSlot(slot: number, value: number): void
  /** Between blocks: a state store has other values now. */
  forgetBaseAccount(account: number): void
  forgetBaseSlot(slot: number): void
  /** Status; outside the block's threads as well. */
  resolveAccount(account: number): number
  resolveSlot(slot: number): number
  /** Status; the nodes are at lastNote. The account of a slot must be known. */
  noteAccountPath(account: number): number
  noteSlotPath(slot: number): number
  /** Up to `nibbles` nibbles of `key` in the account trie (0) or the storage trie of a known account. */
  notePlace(account: number, key: number, nibbles: number): number
  /** Status: as resolveAccount by the state's tries, whatever the source; the account of a slot must be known. */
  accountOfTries(account: number): number
  slotOfTries(account: number, slot: number): number
  /** Of a known account, before the block: 1 or 0 (EIP-7610). */
  hasBaseStorage(account: number): number
}

export interface StmExports {
  blockBegin(txCount: number, threads: number, mode: number): number
  blockFail(code: number): void
  setFeeRecipient(account: number): void
  /** `room`: assembly/abi/room.ts. After blockBegin. */
  setRoom(room: number): void
  setBriefWaits(value: boolean): void
  nextTask(): number
  setTellsWaits(value: boolean): void
  /** After Task.WAIT. False: in vain, ask again later. */
  waitForTask(): number
  resumeTx(index: number): number
  /** The same for several, u32 each, with one wake-up. */
  resumeAll(indexes: number, count: number): void
  setWindowLimit(transactions: number): void
  collectDiff(): number
  /** Status. Starts the state root stage over what the block has written: rootWork makes the difference, too. */
  rootBegin(): number
  /** After Task.KEYS. */
  hashKeys(): void
  diffRecords(): number
  diffCount(): number
  /** A status. Does nothing where it is packed already. */
  packDiff(): number
  packedDiff(): number
  packedDiffLength(): number
  commitBase(): void
  abandonBlock(): void
  recover(): void
  freeLocks(): void
  blockFront(): number
  blockFailure(): number
  blockWindow(): number
  outcomeOf(index: number): number
  /** A status; fills an AL record. */
  accessList(count: number, out: number): number
  /** A status; reads the list of `length` bytes at `at` for a block of `count` transactions, its own work included. */
  openList(at: number, length: number, count: number, limit: number, gasLimit: bigint): number
  givenItems(): number
  /** Claims of that list which no transaction has met. */
  givenLeft(): number
  outcomeLength(index: number): number
  txMissingKind(index: number): number
  txMissingRecord(index: number): number
  statsOf(thread: number): number
  setDebug(points: number, seed: number): void
  ringOf(thread: number): number

  blockAlloc(size: number): number
  txBegin(index: number): void
  txEnd(outcome: number, outcomeLength: number): void
  txSuspend(): number
  txReadBalance(account: number, out: number): number
  txReadNonce(account: number, out: number): number
  txReadCode(account: number, out: number): number
  txReadCodeHash(account: number, out: number): number
  txReadSlot(slot: number, out: number): number
  txExists(account: number, out: number): number
  txHasStorage(account: number, out: number): number
  txIsEmpty(account: number, out: number): number
  txBalanceAtLeast(account: number, bound: number, out: number): number
  txWriteBalance(account: number, value: number): number
  txCreditBalance(account: number, delta: number): number
  txWriteNonce(account: number, nonce: bigint): number
  txWriteCode(account: number, code: number): number
  txWriteLife(account: number, exists: number, how: number): number
  txWriteSlot(slot: number, value: number): number
}

export interface CryptoExports {
  sha256(input: number, length: number, out: number): void
  /** 20 bytes. */
  ripemd160(input: number, length: number, out: number): void
  /** The contract at 6, 7 or 8, in BN254_WORK bytes: how many of BN254_OUTPUT bytes at `out` it wrote, -1 when the call fails. */
  bn254(id: number, input: number, length: number, out: number, work: number): number
  /** The contracts at 0x0a to 0x11; `work`: BLS12381_WORK bytes. */
  bls12381(id: number, input: number, length: number, out: number, work: number): number
  /** Whether the signature in 160 bytes holds (EIP-7951); `work`: P256_WORK bytes. */
  p256Verify(input: number, work: number): number
  /** 213 bytes (EIP-152) to 64; 0 when the final flag is malformed. */
  blake2f(input: number, out: number): number
  /** Status; the 20-byte address is at `out` when it is OK, MALFORMED when no key made the signature. */
  ecrecover(hash: number, r: number, s: number, recoveryId: number, out: number): number
  /** The same with the public key, 64 bytes. */
  recoverPublicKey(hash: number, r: number, s: number, recoveryId: number, out: number): number
  /** Signature records to signer records (assembly/abi/signature.ts). */
  ecrecoverBatch(inputs: number, count: number, out: number): number
}

export interface EvmExports {
  /** After threadInit. False: out of space. */
  evmThreadInit(id: number): number
  /** `record`: assembly/abi/blockEnv.ts. */
  setBlockEnv(record: number): void
  /** Between txBegin and the next nextTask; `record`: assembly/abi/transaction.ts. A status. */
  runTransaction(record: number): number
  /** The same for a signed transaction's EIP-2718 bytes. */
  runSigned(at: number, length: number): number
}

export interface BlockExports {
  /** Takes the block's request (abi/blockRequest.ts). False: out of space. */
  enterBlock(request: number): number
  /** Recovers senders until all are taken: a status. */
  recoverSenders(): number
  recoverSome(): number
  /** Memory for the request of a block that is not begun yet, in a place: 0 or 1. False: a thread is still in there. */
  aheadOpen(place: number): number
  aheadAlloc(place: number, size: number): number
  /** Threads may recover the senders of the request in the place meanwhile; no longer. */
  aheadOffer(request: number, place: number): void
  aheadWithdraw(request: number, place: number): void
  aheadReset(): void
  /** Recovers at most so many of them. False: there are none to take. */
  recoverAhead(most: number): number
  /** Executes until the block is over or the host is needed: one of Task. */
  runBlock(): number
  /** The transaction that runBlock came back with. */
  stoppedAt: Global<number>
  /** Whether runBlock comes back after each execution: Task.RAN. */
  setTellsRuns(value: boolean): void
  /** Address of the record of a block's parts (assembly/abi/blockParts.ts) in the place; 0 when it is none, or out of space. */
  outlineBlock(place: number, at: number, length: number): number
  /** Status. Reads the rest along `formats`: assembly/abi/scan.ts. */
  readBlock(block: number, place: number, formats: number): number
  /** Completes what Q_TOTALS of the request points to (assembly/abi/receipts.ts). A status. */
  closeBlock(request: number): number
  /** How many of a built block's candidates are in it; the index of each, u32, at `indexes`. */
  keepExecuted(request: number, indexes: number): number
  /** The outcomes of so many questions in one piece of `answersLength` bytes; 0: out of space, or one lacks. */
  packAnswers(count: number): number
  answersLength: Global<number>
  /** Status. Hashes some of the entered block's body, or receipts of committed transactions, after Task.HASHING. */
  hashSome(): number
  /** Status. The same until all that can be is taken. */
  hashRest(): number
}

export interface Exports
  extends MemoryExports,
    HashExports,
    RlpExports,
    StateExports,
    StmExports,
    CryptoExports,
    TrieExports,
    EvmExports,
    BlockExports {}
