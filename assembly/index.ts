// The ABI of the core: the only file with exports. Pointers and sizes are u32 (a host in JavaScript reads them with
// `>>> 0`); every status is one of the codes in mem/layout.ts.

// --- memory ---------------------------------------------------------------------------------------------------------
export { usedBytes } from './mem/chunks'
export { setMayWait } from './mem/lock'
