// Sleep until another thread wakes this one (atomic.notify), through the host.
//
// Not by the instruction memory.atomic.wait32: the baseline compiler of V8 11.3 (Node 20) writes the address as 64 bits
// where its frame has room for 32, so that after a wait the variable in the place beside it is 0.
// Decision 43 (docs/adr/0043-waiting-through-the-host.md).

/** Of wait: nobody woke this thread. */
export const TIMED_OUT: i32 = 2

/**
 * Sleeps while the u32 at `word` is `expected`, until it is notified, at most `ms` milliseconds. 0: woken, 1: the word
 * was another one, or TIMED_OUT. Only where a thread may wait (canWait).
 */
// @ts-ignore: decorator
@external('env', 'wait')
export declare function wait(word: usize, expected: u32, ms: f64): i32
