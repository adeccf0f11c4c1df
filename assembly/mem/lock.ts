import { wait } from './wait'

// Spin lock for critical sections of at most a few hundred instructions. A u32 word: 0 free, 1 held.
//
// Invariant: whatever a lock guards is written only between lock() and unlock(). WASM atomics are sequentially
// consistent, so every plain write before unlock() is visible after the next lock() of the same word.

const SPINS_BEFORE_WAIT: u32 = 1000
/** Milliseconds. */
const LONGEST_WAIT: f64 = 0.05

export function tryLock(word: usize): bool {
  return atomic.cmpxchg<u32>(word, 0, 1) == 0
}

/**
 * Spins, then sleeps: the holder may have been descheduled. The wait is bounded, so no wake-up can be lost for long.
 */
export function lock(word: usize): void {
  let spins: u32 = 0
  while (true) {
    if (atomic.load<u32>(word) == 0 && atomic.cmpxchg<u32>(word, 0, 1) == 0) return
    if (++spins >= SPINS_BEFORE_WAIT) {
      spins = 0
      if (mayWait) wait(word, 1, LONGEST_WAIT)
    }
  }
}

export function unlock(word: usize): void {
  atomic.store<u32>(word, 0)
}

// A browser's main thread must not wait; the host says so when it starts the instance.
let mayWait: bool = true
export function setMayWait(value: bool): void {
  mayWait = value
}
export function canWait(): bool {
  return mayWait
}
