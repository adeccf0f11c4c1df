// The ABI of the core: the only file with exports. Pointers and sizes are u32 (a host in JavaScript reads them with
// `>>> 0`); every status is one of the codes in abi/status.ts.

// --- memory ---------------------------------------------------------------------------------------------------------
export { usedBytes } from './mem/chunks'
export { setMayWait } from './mem/lock'
export { resetMemory } from './mem/reset'
export { giveChunks, takeChunks } from './mem/chunks'

// --- hashing and RLP -------------------------------------------------------------------------------------------------
export { keccak256, keccak256Batch } from './hash/keccak'
export { keccakPair } from './hash/keccakPair'
export { itemData, itemEnd, itemInteger, itemIsList, itemLength } from './rlp/decode'
export { rlpCheck, rlpItem, rlpU64, rlpWord } from './rlp/decode'
export { writeListHeader, writeString, writeU64, writeWord } from './rlp/encode'

// --- tries -----------------------------------------------------------------------------------------------------------
export { trieFault, trieInit } from './trie/context'
export { trieFromHash, trieGet, trieHash, trieUpdate } from './trie/trie'
export { witnessAddAll, witnessReserve } from './trie/witness'
export { sortedCount, sortEntries } from './trie/sort'
export { orderedRoot } from './trie/ordered'
export { trieBytes, trieCompact, trieTidy } from './stateRoot/compact'

// --- the state root: rootPrepare (one thread), rootWork (all), rootResult, rootAdopt or rootDrop (one thread) --------
export { setStateTrie, stateTrie } from './state/stateTrie'
export { rootAdopt, rootDrop, rootPrepare, rootResult, rootWork } from './stateRoot/stateRoot'
export { rootPrepareAll } from './stateRoot/fromBase'
export { rootAbort, rootFault } from './stateRoot/stageControl'

// --- threads ---------------------------------------------------------------------------------------------------------
export { lastMissingKind, lastMissingRecord, threadInit } from './mem/thread'

// --- state: tables, base values --------------------------------------------------------------------------------------
export { initTables } from './state/tables'
export { internAccount } from './state/accounts'
export { internSlot } from './state/slots'
export { findCode, internCode } from './state/code'
export {
  hasBaseStorage,
  resolveAccount,
  resolveSlot,
  setBaseAbsent,
  setBaseAccount,
  setBaseSlot,
  setSource,
} from './state/base'

// --- stm: one block --------------------------------------------------------------------------------------------------
export { blockBegin, blockFail, nextTask, resumeTx, setBriefWaits, setTellsWaits, waitForTask } from './stm/scheduler'
export { setWindowLimit } from './stm/window'
export { abandonBlock, collectDiff, commitBase, diffCount, diffRecords, freeLocks, recover } from './stm/diff'
export { packDiff, packedDiff, packedDiffLength } from './stm/packDiff'
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
export { blockAlloc, txBegin, txEnd, txSuspend } from './stm/txn'
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

// --- evm: transactions of a block ------------------------------------------------------------------------------------
export { evmThreadInit, runTransaction } from './tx/run'
export { setBlockEnv } from './evm/blockEnv'

// --- block: a thread's part in executing one, and what it came to ----------------------------------------------------
export { enterBlock, runBlock, stoppedAt } from './block/loop'
export { runSigned } from './block/single'
export { recoverSenders, recoverSome } from './block/senders'
export { aheadAlloc, aheadOffer, aheadOpen, aheadReset, aheadWithdraw, recoverAhead } from './block/ahead'
export { scanTransactions } from './block/scan'
export { hashRest, hashSome } from './block/hashing'
export { blockReceipts } from './block/receipts'
export { accessList } from './block/accessList'
