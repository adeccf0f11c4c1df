import { FAULT_ACCOUNT, FAULT_HASH, FAULT_NIBBLES, FAULT_PATH } from '../abi/trie'
import { OK, OUT_OF_SPACE } from '../abi/status'
import { MAX_THREADS } from '../abi/memory'
import { copyBytes, fillBytes } from '../mem/bulk'
import { arenaReset } from '../mem/arena'
import { takeChunks } from '../mem/chunks'
import { CONTROL_TRIE } from '../mem/layout'
import { nibbleAt } from './paths'

// What one thread needs while it works on tries: its node arena, temporary memory, encoding buffers and the record of
// what went wrong. One chunk per thread; it survives the thread, as the nodes in its arena do.

/** u32 per thread: address of its context, 0 when that thread never started. */
const CONTEXTS: usize = CONTROL_TRIE + 1024

const NODE_ARENA: usize = 0
const TEMP_ARENA: usize = 16
/** Memory of ordered roots: nodes that live during one call. */
const SHORT_ARENA: usize = 32
/** Work of the state root stage: lives until the stage is over. */
const STAGE_ARENA: usize = 640
/** One byte for a path of one nibble. */
const NIBBLE: usize = 48
/** A decoded account (trie/account.ts). */
const ACCOUNT: usize = 704
/**
 * What was missing or malformed: u32 nibbles in the path, u32 account record; 32 bytes hash; the path, a byte a nibble.
 */
const FAULT: usize = 64
/** u32 heads of the lists of nodes to hash, by height. */
const LEVELS: usize = 4096
const BUFFERS: usize = 16384
/** The key and the row of a read of a state store (trie/store.ts). */
const ROW: usize = 131072

/** Address of this thread's context; 0 before trieInit. */
let context: usize = 0
/** Where new nodes go. */
export let nodeArena: usize = 0
export let tempArena: usize = 0
export let stageArena: usize = 0
export let accountBuffer: usize = 0
export let fault: usize = 0
export let levels: usize = 0
export let buffers: usize = 0
export let rowBuffer: usize = 0
/** Status of the operation under way; OK while nothing went wrong. */
export let failure: i32 = OK

/** Makes the calling instance the trie thread `id` (below MAX_THREADS): OK or OUT_OF_SPACE. */
export function trieInit(id: u32): i32 {
  if (id >= MAX_THREADS) return OUT_OF_SPACE
  const word = CONTEXTS + (<usize>id << 2)
  let at: usize = atomic.load<u32>(word)
  if (at == 0) {
    at = takeChunks(1)
    if (at == 0) return OUT_OF_SPACE
    fillBytes(at, 0, BUFFERS)
    atomic.store<u32>(word, <u32>at)
  }
  // A thread that died may have left nodes in its lists.
  fillBytes(at + LEVELS, 0, BUFFERS - LEVELS)
  context = at
  nodeArena = at + NODE_ARENA
  tempArena = at + TEMP_ARENA
  stageArena = at + STAGE_ARENA
  accountBuffer = at + ACCOUNT
  fault = at + FAULT
  levels = at + LEVELS
  buffers = at + BUFFERS
  rowBuffer = at + ROW
  return OK
}

/** The node arena of thread `id`, 0 when it never started. Only while no thread works on tries. */
export function nodeArenaOf(id: u32): usize {
  const at: usize = atomic.load<u32>(CONTEXTS + (<usize>id << 2))
  return at == 0 ? 0 : at + NODE_ARENA
}

/** Gives back what all threads allocated for the state root stage. Only while no thread is in it. */
export function resetStageArenas(): void {
  for (let id: u32 = 0; id < MAX_THREADS; id++) {
    const at: usize = atomic.load<u32>(CONTEXTS + (<usize>id << 2))
    if (at != 0) arenaReset(at + STAGE_ARENA)
  }
}

/** Nodes made from now on go to the short-lived arena (until useNodeArena), which it returns. */
export function useShortArena(): usize {
  nodeArena = context + SHORT_ARENA
  return nodeArena
}

export function useNodeArena(): void {
  nodeArena = context + NODE_ARENA
}

export function clearFailure(): void {
  failure = OK
}

/** Notes the first failure; the answer stands for "no node" and is meaningless then. */
export function fail(status: i32): usize {
  if (failure == OK) failure = status
  return 0
}

/** Notes that the node `hash` at the first `depth` nibbles of `key` is missing or malformed. */
export function failAt(status: i32, hash: usize, key: usize, depth: u32): usize {
  if (failure != OK) return 0
  failure = status
  store<u32>(fault, depth, FAULT_NIBBLES)
  store<u32>(fault, 0, FAULT_ACCOUNT)
  copyBytes(fault + FAULT_HASH, hash, 32)
  for (let i: u32 = 0; i < depth; i++) store<u8>(fault + FAULT_PATH + i, nibbleAt(key, i))
  return 0
}

/** The node that is missing lies one nibble below the place failAt named. */
export function extendFault(nibble: u32): void {
  const depth = load<u32>(fault, FAULT_NIBBLES)
  store<u8>(fault + FAULT_PATH + depth, nibble)
  store<u32>(fault, depth + 1, FAULT_NIBBLES)
}

/** A key of the single nibble `nibble` at position `depth`, valid until the next call. */
export function nibbleKey(nibble: u32, depth: u32): usize {
  store<u8>(context + NIBBLE, nibble << (depth & 1 ? 0 : 4))
  return context + NIBBLE - (depth >> 1)
}

/** Address of the record of the last MISSING or MALFORMED of this thread. */
export function trieFault(): usize {
  return fault
}
