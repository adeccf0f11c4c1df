// The ABI of the core: the only file with exports. Pointers and sizes are u32 (a host in JavaScript reads them with
// `>>> 0`); every status is one of the codes in abi/status.ts.

// --- memory ---------------------------------------------------------------------------------------------------------
export { usedBytes } from './mem/chunks'
export { setMayWait } from './mem/lock'
export { giveChunks, takeChunks } from './mem/chunks'

// --- hashing and RLP -------------------------------------------------------------------------------------------------
export { keccak256, keccak256Batch } from './hash/keccak'
export { keccakPair } from './hash/keccakPair'
export { itemData, itemEnd, itemInteger, itemIsList, itemLength } from './rlp/decode'
export { rlpCheck, rlpItem, rlpU64, rlpWord } from './rlp/decode'
export { writeListHeader, writeString, writeU64, writeWord } from './rlp/encode'

// --- tries -----------------------------------------------------------------------------------------------------------
export { trieFault, trieInit } from './trie/context'
export { lastNote, noteFreshNodes } from './trie/notes'
export { trieFromHash, trieGet, trieHash, trieUpdate } from './trie/trie'
export { witnessAddAll, witnessReserve } from './trie/witness'
export { sortedCount, sortEntries } from './trie/sort'
export { orderedRoot } from './trie/ordered'
export { trieBytes, trieCompact, trieTidy } from './stateRoot/compact'

// --- the state root: rootBegin (one thread), rootWork (all), rootResult, rootAdopt or rootDrop (one thread) ----------
export { setStateTrie, stateTrie } from './state/stateTrie'
export { rootAdopt, rootDrop, rootPrepare, rootResult } from './stateRoot/stateRoot'
export { rootPrepareAll } from './stateRoot/fromBase'
export { rootAbort, rootFault } from './stateRoot/stageControl'
export { listChanges } from './stateRoot/changes'
export { changesAt, changesLength, freeChanges } from './stateRoot/changeList'

// --- threads ---------------------------------------------------------------------------------------------------------
export { lookNotes, noteKind, noteNext, noteRecord } from './stm/look'
export { lastMissingKind, lastMissingRecord, threadInit } from './mem/thread'

// --- state: tables, base values --------------------------------------------------------------------------------------
export { noteAccountPath, notePlace, noteSlotPath } from './state/paths'
export { initTables } from './state/tables'
export { internAccount } from './state/accounts'
export { internSlot } from './state/slots'
export { findCode, internCode, internCodeHash } from './state/code'
export {
  accountOfTries,
  forgetBaseAccount,
  forgetBaseSlot,
  hasBaseStorage,
  resolveAccount,
  resolveCode,
  resolveSlot,
  setBaseAbsent,
  setBaseAccount,
  setBaseSlot,
  setSource,
  slotOfTries,
} from './state/base'

// --- stm: one block --------------------------------------------------------------------------------------------------
export { blockBegin, nextTask, resumeAll, resumeTx } from './stm/scheduler'
export { blockFail } from './stm/queue'
export { setBriefWaits, setTellsWaits, waitForTask } from './stm/scheduler'
export { setWindowLimit } from './stm/window'
export { abandonBlock, commitBase, freeLocks, recover } from './stm/diff'
export { collectDiff, rootBegin, rootWork } from './stm/collect'
export { hashKeys } from './stm/touched'
export { diffCount, diffRecords, packedDiff, packedDiffLength } from './state/diff'
export { packDiff } from './state/packDiff'
export {
  blockFailure,
  blockFront,
  blockWindow,
  outcomeLength,
  outcomeOf,
  txMissingKind,
  txMissingRecord,
} from './stm/report'
export { setFeeRecipient } from './stm/versions'
export { statsOf } from './stm/stats'
export { ringOf, setDebug } from './stm/debug'

// --- stm: the running transaction ------------------------------------------------------------------------------------
export { blockAlloc, txBegin, txEnd, isSure, txSuspend } from './stm/txn'
export { txReadBalance, txReadCode, txReadCodeHash, txReadNonce, txReadSlot } from './stm/txn'
export { txBalanceAtLeast, txExists, txHasStorage, txIsEmpty } from './stm/txn'
export { txCreditBalance, txWriteBalance, txWriteCode, txWriteLife, txWriteNonce, txWriteSlot } from './stm/txn'

// --- hashing and signatures of precompiles and transactions ----------------------------------------------------------
export { sha256 } from './hash/sha256'
export { ripemd160 } from './hash/ripemd160'
export { bn254 } from './bn254/precompile'
export { bls12381 } from './bls12381/precompile'
export { p256Verify } from './p256/verify'
export { blake2f } from './hash/blake2f'
export { ecrecover, ecrecoverBatch, recoverPublicKey } from './secp256k1/recover'
export { resetMemory } from './secp256k1/reset'

// --- evm: transactions of a block ------------------------------------------------------------------------------------
export { evmThreadInit, runTransaction } from './tx/run'
export { setBlockEnv } from './evm/blockEnv'

// --- block: a thread's part in executing one, and what it came to ----------------------------------------------------
export { enterBlock, runBlock, setTellsRuns, stoppedAt } from './block/loop'
export { runSigned } from './block/single'
export { recoverSenders, recoverSome } from './block/senders'
export { aheadAlloc, aheadOffer, aheadOpen, aheadReset, aheadWithdraw, recoverAhead } from './block/ahead'
export { outlineBlock, readBlock } from './block/readBlock'
export { hashRest, hashSome } from './block/hashing'
export { closeBlock } from './block/closing'
export { keepExecuted } from './block/built'
export { answersLength, packAnswers } from './block/answers'
export { setRoom } from './stm/room'
export { accessList } from './block/accessList'
export { openList } from './block/givenList'
export { givenItems, givenLeft } from './stm/given'
