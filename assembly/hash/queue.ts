import { keccak256 } from './keccak'
import { keccakPair } from './keccakPair'
import { RATE } from './sponge'

// Pairs up messages that fill the same number of blocks, so that they go through the two-lane keccak. A queued message
// and its output must stay where they are until the next flush. The queue is the thread's own.

/** Messages of more blocks are hashed at once, alone. */
export const QUEUE_CLASSES: u32 = 4

let data1: usize = 0, length1: usize = 0, out1: usize = 0
let data2: usize = 0, length2: usize = 0, out2: usize = 0
let data3: usize = 0, length3: usize = 0, out3: usize = 0
let data4: usize = 0, length4: usize = 0, out4: usize = 0

/** Blocks that a message fills, padding included. */
// @ts-ignore: decorator
@inline
export function blocksOf(length: usize): u32 {
  return <u32>(length / RATE) + 1
}

/** Whether a message of so many blocks (at most QUEUE_CLASSES) is waiting for its partner. */
export function isWaiting(blocks: u32): bool {
  switch (blocks) {
    case 1: return data1 != 0
    case 2: return data2 != 0
    case 3: return data3 != 0
    case 4: return data4 != 0
  }
  return false
}

/** Hashes the message now or at the latest in the next flush. */
export function hashLater(data: usize, length: usize, out: usize): void {
  switch (blocksOf(length)) {
    case 1:
      if (data1 == 0) {
        data1 = data
        length1 = length
        out1 = out
      } else {
        keccakPair(data1, length1, data, length, out1, out)
        data1 = 0
      }
      return
    case 2:
      if (data2 == 0) {
        data2 = data
        length2 = length
        out2 = out
      } else {
        keccakPair(data2, length2, data, length, out2, out)
        data2 = 0
      }
      return
    case 3:
      if (data3 == 0) {
        data3 = data
        length3 = length
        out3 = out
      } else {
        keccakPair(data3, length3, data, length, out3, out)
        data3 = 0
      }
      return
    case 4:
      if (data4 == 0) {
        data4 = data
        length4 = length
        out4 = out
      } else {
        keccakPair(data4, length4, data, length, out4, out)
        data4 = 0
      }
      return
    default:
      keccak256(data, length, out)
  }
}

/** Hashes what is still waiting. */
export function flushHashes(): void {
  if (data1 != 0) keccak256(data1, length1, out1)
  if (data2 != 0) keccak256(data2, length2, out2)
  if (data3 != 0) keccak256(data3, length3, out3)
  if (data4 != 0) keccak256(data4, length4, out4)
  data1 = 0
  data2 = 0
  data3 = 0
  data4 = 0
}
