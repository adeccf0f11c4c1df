import {
  DIFF_ACCOUNT,
  DIFF_BALANCE,
  DIFF_CODE_HASH,
  DIFF_EXISTS,
  DIFF_FLAGS,
  DIFF_NONCE,
  DIFF_STORAGE_ROOT,
} from '../abi/state'
import { accountHash } from '../state/keys'
import { encodeAccount, MAX_ACCOUNT_RLP } from '../trie/account'
import { ACCOUNTS, LEAVES } from './stageWords'
import { putShared } from './subtrees'

/** Puts the leaf of a record, the `index`-th, into the account trie; its storage root is known. */
export function putLeaf(diff: usize, index: u32): void {
  const leaf = <usize>load<u32>(LEAVES) + <usize>index * MAX_ACCOUNT_RLP
  const length: usize = load<u32>(diff, DIFF_FLAGS) & DIFF_EXISTS ? encode(leaf, diff) : 0
  putShared(load<u32>(ACCOUNTS), index, accountHash(load<u32>(diff, DIFF_ACCOUNT)), leaf, length)
}

// @ts-ignore: decorator
@inline
function encode(out: usize, diff: usize): usize {
  const balance = diff + DIFF_BALANCE
  return encodeAccount(out, load<u64>(diff, DIFF_NONCE), balance, diff + DIFF_STORAGE_ROOT, diff + DIFF_CODE_HASH)
}
