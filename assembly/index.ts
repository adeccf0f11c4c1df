// The ABI of the core: the only file with exports. Pointers and sizes are u32 (a host in JavaScript reads them with
// `>>> 0`); every status is one of the codes in mem/layout.ts.

// --- memory ---------------------------------------------------------------------------------------------------------
export { usedBytes } from './mem/chunks'
export { setMayWait } from './mem/lock'
export { giveChunks, takeChunks } from './mem/chunks'

// --- hashing and RLP ----------------------------------------------------------------------------------------------------
export { keccak256, keccak256Batch } from './hash/keccak'
export { keccakPair } from './hash/keccakPair'
export { itemData, itemEnd, itemInteger, itemIsList, itemLength } from './rlp/decode'
export { rlpCheck, rlpItem, rlpU64, rlpWord } from './rlp/decode'
export { writeListHeader, writeString, writeU64, writeWord } from './rlp/encode'
