import { OK } from '../abi/status'
import {
  ACC_BALANCE,
  DIFF_ACCOUNT,
  DIFF_BALANCE,
  DIFF_CODE_HASH,
  DIFF_EXISTS,
  DIFF_FLAGS,
  DIFF_NONCE,
  DIFF_STORAGE_ROOT,
  DIFF_STORAGE_TRIE,
} from '../abi/state'
import { finishDiff } from '../state/diff'
import { accountHash, flushKeys, hashKeyLater } from '../state/keys'
import { encodeAccount, MAX_ACCOUNT_RLP } from '../trie/account'
import { hashListed, listNodes, rootHash } from '../trie/hash'
import { stageFail } from './stageControl'
import { ACCOUNTS, LEAVES, recordAt, UNFINISHED } from './stageWords'
import { hashSlotsLater, storageIsPending, updateStorage } from './storageTries'
import { putShared } from './subtrees'

// From DIFF records to leaves of the account trie, several at a time. Invariant: a record belongs to the thread that
// took its task; that of a large storage trie to the thread that closes the trie.

/** Storage tries and leaves of the accounts in [from, to). A failure is noted in the stage. */
export function updateAccounts(from: u32, to: u32): void {
  for (let i = from; i < to; i++) {
    if (load<u32>(UNFINISHED) != 0) {
      const status = finishDiff(i)
      if (status != OK) return stageFail(status, 0)
    }
    const diff = recordAt(i)
    if (diff == 0) continue
    hashKeyLater(<usize>load<u32>(diff, DIFF_ACCOUNT) + ACC_BALANCE)
    hashSlotsLater(diff)
  }
  flushKeys()
  for (let i = from; i < to; i++) {
    const diff = recordAt(i)
    if (diff != 0 && !updateStorage(diff, i)) return
  }
  for (let i = from; i < to; i++) {
    const diff = recordAt(i)
    if (diff != 0 && !storageIsPending(diff)) listNodes(load<u32>(diff, DIFF_STORAGE_TRIE))
  }
  const status = hashListed()
  if (status != OK) return stageFail(status, 0)
  for (let i = from; i < to; i++) {
    const diff = recordAt(i)
    if (diff != 0 && !storageIsPending(diff)) endAccount(diff, i)
  }
}

/** The storage trie has its references: its root, and the leaf of the account, the `index`-th. */
export function endAccount(diff: usize, index: u32): void {
  rootHash(load<u32>(diff, DIFF_STORAGE_TRIE), diff + DIFF_STORAGE_ROOT)
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
