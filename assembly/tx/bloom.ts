import { CHUNK_SIZE } from '../abi/memory'
import { copyBytes, fillBytes } from '../mem/bulk'
import { keccak256 } from '../hash/keccak'
import { keccakPair } from '../hash/keccakPair'
import { takeChunks } from '../mem/chunks'
import { CONTROL_BLOCK } from '../mem/layout'
import { context } from '../mem/thread'

// The 2048-bit filter of a transaction's logs: every address and every topic sets three bits (Yellow Paper, 4.3.1).
//
// The same few addresses and topics come again and again in a block, so each thread remembers what it hashed: an entry
// is u16 length (0: empty), three u16 bit numbers, 32 bytes message. It is looked up by bytes of the message and
// compared in full, so that chosen messages can make it useless but not wrong.

/** u32 per thread: its memory, kept when the thread's instance is replaced. */
const THREAD_MEMOS: usize = CONTROL_BLOCK
const M_BITS: usize = 2
const M_MESSAGE: usize = 8
const ENTRY: usize = 40
const ENTRIES: u64 = 4096
/** The hashes that are worked out now, behind the entries. */
const HASHES: usize = <usize>ENTRIES * ENTRY

let memo: usize = 0
let bloom: usize = 0
/** A message that waits for another one, because two are hashed for little more than one; 0: none. Then its entry. */
let waiting: usize = 0
let waitingLength: usize = 0
let waitingEntry: usize = 0

/** Begins with the empty filter in the 256 bytes at `out`. False when out of space. */
export function bloomBegin(out: usize): bool {
  if (memo == 0 && !takeMemo()) return false
  fillBytes(out, 0, 256)
  bloom = out
  waiting = 0
  return true
}

function takeMemo(): bool {
  const word = THREAD_MEMOS + <usize>load<u32>(context) * 4
  memo = load<u32>(word)
  if (memo != 0) return true
  const at = takeChunks(1)
  if (at == 0) return false
  fillBytes(at, 0, CHUNK_SIZE)
  store<u32>(word, <u32>at)
  memo = at
  return true
}

/** Adds an address (20 bytes) or a topic (32), which stays where it is until bloomEnd. */
export function bloomAdd(message: usize, length: usize): void {
  const head = load<u64>(message)
  const tail = load<u64>(message + length - 8)
  const mixed = (head ^ tail) * 0x9e3779b97f4a7c15
  const entry = memo + <usize>((mixed >> 40) & (ENTRIES - 1)) * ENTRY
  if (load<u16>(entry) == <u16>length && holds(entry + M_MESSAGE, message, length)) {
    setBits(entry)
    return
  }
  if (waiting == 0) {
    waiting = message
    waitingLength = length
    waitingEntry = entry
    return
  }
  keccakPair(waiting, waitingLength, message, length, memo + HASHES, memo + HASHES + 32)
  keep(waitingEntry, waiting, waitingLength, memo + HASHES)
  keep(entry, message, length, memo + HASHES + 32)
  waiting = 0
}

export function bloomEnd(): void {
  if (waiting == 0) return
  keccak256(waiting, waitingLength, memo + HASHES)
  keep(waitingEntry, waiting, waitingLength, memo + HASHES)
}

// @ts-ignore: decorator
@inline
function holds(kept: usize, message: usize, length: usize): bool {
  const differs =
    (load<u64>(kept) ^ load<u64>(message)) |
    (load<u64>(kept, 8) ^ load<u64>(message, 8)) |
    (load<u64>(kept + length - 8) ^ load<u64>(message + length - 8))
  return differs == 0 && (length == 20 || load<u64>(kept, 16) == load<u64>(message, 16))
}

function keep(entry: usize, message: usize, length: usize, hash: usize): void {
  store<u16>(entry, <u16>length)
  for (let i: usize = 0; i < 6; i += 2) store<u16>(entry + M_BITS + i, bswap<u16>(load<u16>(hash + i)) & 2047)
  copyBytes(entry + M_MESSAGE, message, length)
  setBits(entry)
}

// @ts-ignore: decorator
@inline
function setBits(entry: usize): void {
  setBit(load<u16>(entry, M_BITS))
  setBit(load<u16>(entry, M_BITS + 2))
  setBit(load<u16>(entry, M_BITS + 4))
}

// @ts-ignore: decorator
@inline
function setBit(bit: u32): void {
  const byte = bloom + 255 - (bit >> 3)
  store<u8>(byte, load<u8>(byte) | <u8>(<u32>1 << (bit & 7)))
}
