import { O_LENGTH, O_NEXT } from '../abi/transaction'
import { copyBytes } from '../mem/bulk'
import { outcomeOf } from '../stm/report'
import { blockAlloc } from '../stm/txn'

// What questions came to, as one piece of memory that the host copies as it is: outcomes one behind the other, those of
// a sequence too. O_NEXT says then whether the next outcome belongs to the same sequence.

/** Bytes of what packAnswers made. */
export let answersLength: usize = 0

/** Of the `count` tasks behind the block's own work; its address, 0 when out of space or one has no outcome. */
export function packAnswers(count: u32): usize {
  let size: usize = 0
  for (let index: u32 = 1; index <= count; index++) {
    let outcome = outcomeOf(index)
    if (outcome == 0) return 0
    for (; outcome != 0; outcome = load<u32>(outcome, O_NEXT)) size += aligned(load<u32>(outcome, O_LENGTH))
  }
  const packed = blockAlloc(size + 8)
  if (packed == 0) return 0
  let at = packed
  for (let index: u32 = 1; index <= count; index++) {
    for (let outcome = outcomeOf(index); outcome != 0; outcome = load<u32>(outcome, O_NEXT)) {
      const length = load<u32>(outcome, O_LENGTH)
      copyBytes(at, outcome, length)
      at += aligned(length)
    }
  }
  answersLength = size
  return packed
}

/** So that each begins where the host can read it as words. */
function aligned(length: u32): usize {
  return (<usize>length + 7) & ~7
}
