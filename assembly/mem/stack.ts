// Working memory of computations on curves: values that are needed for a while lie on a stack, so that no function
// has to be told where. Invariant: what a function takes it drops, in the reverse order. Globals are the thread's
// own.

let top: usize = 0

/** Everything from here on is working memory. */
export function setStack(at: usize): void {
  top = at
}

/** `size` bytes, a multiple of 16, with any content. */
// @ts-ignore: decorator
@inline
export function take(size: usize): usize {
  const at = top
  top = at + size
  return at
}

// @ts-ignore: decorator
@inline
export function drop(size: usize): void {
  top -= size
}
