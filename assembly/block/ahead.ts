import { B_FORK } from '../abi/blockEnv'
import { Q_ENV, Q_SENDER_CURSOR, Q_TX_COUNT, SENDER_UNKNOWN } from '../abi/blockRequest'
import { SLICE_ADDRESS, SLICE_LENGTH } from '../abi/slices'
import { MALFORMED, OK, OUT_OF_SPACE } from '../abi/status'
import { fork, setFork } from '../fork'
import { arenaAlloc, arenaReset } from '../mem/arena'
import { CACHE_LINE, CONTROL_BLOCK } from '../mem/layout'
import { enterAside, leaveAside } from '../mem/thread'
import { AHEAD } from '../stm/block'
import { wake } from '../stm/queue'
import { blockAlloc } from '../stm/txn'
import { decodeSignature, record, RECORD_SIGNATURE } from './decode'
import { gather, gatherInto, GATHERED, recoverGathered, senderState } from './senderBatch'
import { transactionSlice } from './transactions'

// The senders of the block that comes next, recovered by threads that have nothing to do in this one, or that have no
// block. The host writes the block's request before its turn, into one of two places: the other one has the request of
// the block that runs. Threads take transactions from the same cursor as they will when the block runs, so it goes on
// from where they are.
// Decision 21 (docs/adr/0021-the-next-block-meanwhile.md).
//
// Invariants:
// - A thread counts itself among the USERS of a place, then looks whether AHEAD is still the word that brought it here,
// and touches the place only then. The host gives the memory of a place back only after it has changed AHEAD, and then
// read that USERS is 0. All of these are sequentially consistent: the thread sees the change, or the host the thread.
// - What a thread allocates here lies aside (mem/thread.ts): the running block may end, and its arenas with it.
// - It publishes senders, never a decoded record: that one would be gone before the block begins.

/** u32, atomic: threads inside; from 16 on an arena header, the host's. */
const PLACES: usize = CONTROL_BLOCK + 4096
const PLACE_ARENA: usize = 16
/** Requests are 16-byte aligned: AHEAD has the number of the place in its lowest bits. */
const PLACE_MASK: u32 = 15

// @ts-ignore: decorator
@inline
function placeAt(place: u32): usize {
  return PLACES + <usize>place * CACHE_LINE
}

/** The host: empties a place, 0 or 1, which it does not offer. False while a thread is still inside. */
export function aheadOpen(place: u32): bool {
  if (atomic.load<u32>(placeAt(place)) != 0) return false
  arenaReset(placeAt(place) + PLACE_ARENA)
  return true
}

/** Memory of a place; 0 when out of space. */
export function aheadAlloc(place: u32, size: usize): usize {
  return arenaAlloc(placeAt(place) + PLACE_ARENA, size)
}

/** The host: threads may recover the senders of the request that lies in the place. */
export function aheadOffer(request: usize, place: u32): void {
  atomic.store<u32>(AHEAD, <u32>request | place)
  wake(-1)
}

/** The host: no longer. Threads that are inside finish what they took. */
export function aheadWithdraw(request: usize, place: u32): void {
  atomic.cmpxchg<u32>(AHEAD, <u32>request | place, 0)
}

/** After threads died, when all have stopped. */
export function aheadReset(): void {
  atomic.store<u32>(AHEAD, 0)
  atomic.store<u32>(placeAt(0), 0)
  atomic.store<u32>(placeAt(1), 0)
}

/** Recovers up to `most` senders (at most SENDER_BATCH_MOST) of the block that comes next. False: none is left. */
export function recoverAhead(most: u32): bool {
  const word = atomic.load<u32>(AHEAD)
  if (word == 0) return false
  const users = placeAt(word & PLACE_MASK)
  atomic.add<u32>(users, 1)
  const found = atomic.load<u32>(AHEAD) == word && take(word, most)
  atomic.sub<u32>(users, 1)
  return found
}

function take(word: u32, most: u32): bool {
  const request = <usize>(word & ~PLACE_MASK)
  const count = load<u32>(request, Q_TX_COUNT)
  const first = atomic.add<u32>(request + Q_SENDER_CURSOR, most)
  let left = first + most < count
  if (first < count) {
    enterAside()
    const own = fork
    setFork(load<u32>(load<u32>(request, Q_ENV), B_FORK))
    // Without memory the block's own threads will try again.
    if (recover(request, first, min(first + most, count)) != OK) left = false
    setFork(own)
    leaveAside()
  }
  if (!left) atomic.cmpxchg<u32>(AHEAD, word, 0)
  return first < count
}

function recover(request: usize, first: u32, end: u32): i32 {
  const batch = blockAlloc(GATHERED)
  if (batch == 0) return OUT_OF_SPACE
  gatherInto(batch)
  for (let index = first; index < end; index++) {
    if (senderState(request, index) != SENDER_UNKNOWN) continue
    const entry = transactionSlice(request, index)
    const status = decodeSignature(load<u32>(entry, SLICE_ADDRESS), load<u32>(entry, SLICE_LENGTH))
    if (status == OUT_OF_SPACE) return status
    // That it is malformed is told when it is executed.
    if (status != MALFORMED) gather(index, record + RECORD_SIGNATURE)
  }
  return recoverGathered(request)
}
