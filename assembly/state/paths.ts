import { ACC_STORAGE_TRIE, SLOT_ACCOUNT } from '../abi/state'
import { accountBuffer } from '../trie/context'
import { notePath } from '../trie/path'
import { accountHash, slotHash } from './keys'
import { stateTrie } from './stateTrie'

// The nodes on the way to what a state holds, as notes (trie/notes.ts). Between blocks, or after one whose tries are
// not adopted yet: of the state before it. Statuses.

export function noteAccountPath(account: usize): i32 {
  return notePath(stateTrie(), accountHash(account), 64)
}

/** Of a slot whose account is known. */
export function noteSlotPath(slot: usize): i32 {
  const account: usize = load<u32>(slot, SLOT_ACCOUNT)
  return notePath(load<u32>(account, ACC_STORAGE_TRIE), slotHash(slot, accountBuffer), 64)
}

/** Up to a place in the account trie (`account`: 0) or in the storage trie of a known account. */
export function notePlace(account: usize, key: usize, nibbles: u32): i32 {
  return notePath(account == 0 ? stateTrie() : load<u32>(account, ACC_STORAGE_TRIE), key, nibbles)
}
