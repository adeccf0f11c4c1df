import { CONTROL_TRIE } from '../mem/layout'

/** u32: handle of the account trie that belongs to the base state. Written between blocks only. */
const STATE_TRIE: usize = CONTROL_TRIE + 64

export function stateTrie(): usize {
  return load<u32>(STATE_TRIE)
}

export function setStateTrie(handle: usize): void {
  store<u32>(STATE_TRIE, <u32>handle)
}
