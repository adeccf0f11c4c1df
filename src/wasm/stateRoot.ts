// The state root stage as the host sees it: one thread begins it, every thread works, one thread takes the result.

import * as abi from '../abi/core.generated.js'
import { Status } from '../abi/core.generated.js'
import { OutOfSpaceError } from '../errors.js'
import type { TriesAfter } from '../sources/source.js'
import type { Core } from './core.js'
import { MalformedNodeError, MissingNodeError, readFault } from './trieErrors.js'
import { notedNodes } from './trieNotes.js'
import { addWitness } from './witness.js'

/**
 * Makes the partial trie with root hash `stateRoot` (32 bytes) the base state, its nodes to be found among `nodes` (RLP of
 * account and storage trie nodes in any order). The tables of accounts and slots must be fresh, or hold this very state.
 * Not while other threads work.
 * @throws OutOfSpaceError
 */
export function openWitness(core: Core, stateRoot: Uint8Array, nodes: Iterable<Uint8Array>): void {
  addWitness(core, nodes)
  const at = core.transfer.reserve(64)
  core.bytes.set(stateRoot.subarray(0, 32), at)
  const status = core.exports.trieFromHash(at, at + 32)
  if (status === Status.OK) core.exports.setStateTrie(core.u32(at + 32))
  if (status !== Status.OK) throw new OutOfSpaceError(core.memory.buffer.byteLength, 64)
}

/**
 * Starts the stage over what the block has written, whose difference the stage makes, too. Every participating thread then
 * calls {@link rootWork}.
 * @throws OutOfSpaceError
 */
export function beginRoot(core: Core): void {
  if (core.exports.rootBegin() !== Status.OK) throw new OutOfSpaceError(core.memory.buffer.byteLength, 0)
}

/**
 * Starts the stage over all accounts and slots in memory: for a state that is completely there and has no tries yet.
 * @throws OutOfSpaceError
 */
export function prepareRootFromBase(core: Core): void {
  if (core.exports.rootPrepareAll() !== Status.OK) throw new OutOfSpaceError(core.memory.buffer.byteLength, 0)
}

/** Takes part in the stage and returns when it is over (blocking the thread meanwhile). */
export function rootWork(core: Core): void {
  core.exports.rootWork()
}

/**
 * The state root, 32 bytes, once every thread has returned from {@link rootWork}. The tries of the base state are still the
 * old ones: adoptRoot (before commitBase) replaces them, dropRoot keeps them.
 * @throws MissingNodeError, MalformedNodeError when the witness does not suffice; OutOfSpaceError
 */
export function rootResult(core: Core): Uint8Array {
  const at = core.transfer.reserve(32)
  const status = core.exports.rootResult(at)
  const root = core.read(at, 32)
  if (status === Status.OK) return root
  if (status === Status.OUT_OF_SPACE) throw new OutOfSpaceError(core.memory.buffer.byteLength, 0)
  const fault = core.exports.rootFault() >>> 0
  const account = core.u32(fault + abi.FAULT_ACCOUNT)
  const place = readFault(core, fault, account === 0 ? undefined : core.read(account + abi.ACC_ADDRESS, 20))
  throw status === Status.MISSING ? new MissingNodeError(place) : new MalformedNodeError(place)
}

/**
 * Makes the new tries those of the base state, before commitBase, and compacts trie memory when garbage dominates it.
 * Handles of other tries in the same memory may be dead afterwards. Cannot fail: without room to compact, the
 * tries stay as they are, and whole.
 */
export function adoptRoot(core: Core): void {
  core.exports.rootAdopt()
  core.exports.trieTidy()
}

/** Leaves the base state with its old tries. */
export function dropRoot(core: Core): void {
  core.exports.rootDrop()
}

/** The state root and the new nodes that {@link rootOnHost} left, before adoptRoot or dropRoot. */
export function triesAfter(core: Core): TriesAfter {
  return { root: rootResult(core), nodes: notedNodes(core) }
}

/**
 * The whole stage on this thread, over the difference that collectDiff has made; what it makes is for {@link triesAfter}.
 * @returns the state root, or the record of the node that is missing (assembly/abi/trie.ts)
 * @throws MalformedNodeError, OutOfSpaceError
 */
export function rootOnHost(core: Core): Uint8Array | { fault: number } {
  const { exports } = core
  exports.noteFreshNodes(true)
  try {
    exports.rootPrepare(exports.diffRecords() >>> 0, exports.diffCount() >>> 0, exports.stateTrie() >>> 0)
    if (exports.rootWork() === Status.MISSING) return { fault: exports.rootFault() >>> 0 }
    return rootResult(core)
  } finally {
    exports.noteFreshNodes(false)
  }
}
