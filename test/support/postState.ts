// State after a test: the pre-state with the block's difference applied, compared account by account or by its root.
import { MerklePatriciaTrie } from '@ethereumjs/mpt'
import { RLP } from '@ethereumjs/rlp'
import { type Account, bytesToHex, createPartialAccount, hexToBytes, setLengthLeft } from '@ethereumjs/util'
import type { BlockCore } from '../../src/wasm/blockCore.js'
import { keccak256 } from '../../src/wasm/keccak.js'

export type Hex = `0x${string}`

export interface TestAccount {
  nonce: Hex
  balance: Hex
  code: Hex
  storage: Record<Hex, Hex>
}
export type TestState = Record<Hex, TestAccount>

export const word = (hex: Hex | undefined): bigint => BigInt(hex === undefined || hex === '0x' ? 0 : hex)

/** A number as bytes need their digits: an even number of them. */
export function evenHex(value: bigint): Hex {
  const digits = value.toString(16)
  return `0x${digits.length % 2 === 0 ? '' : '0'}${digits}`
}

interface PostAccount {
  nonce: bigint
  balance: bigint
  code: Uint8Array
  storage: Map<bigint, bigint>
}

export function applyDiff(pre: TestState, block: BlockCore): Map<string, PostAccount> {
  const post = fromTest(pre)
  for (const change of block.readDiff()) {
    const address = bytesToHex(change.address)
    if (!change.exists) {
      post.delete(address)
      continue
    }
    const before = post.get(address)
    const storage = change.storageCleared || before === undefined ? new Map<bigint, bigint>() : before.storage
    for (const { key, value } of change.storage) {
      if (value.some((byte) => byte !== 0)) storage.set(BigInt(bytesToHex(key)), BigInt(bytesToHex(value)))
      else storage.delete(BigInt(bytesToHex(key)))
    }
    const sameCode = before !== undefined && bytesToHex(keccak256(before.code)) === bytesToHex(change.codeHash)
    const code = sameCode ? before.code : (change.code ?? new Uint8Array(0))
    post.set(address, { nonce: change.nonce, balance: change.balance, code, storage })
  }
  return post
}

function fromTest(state: TestState): Map<string, PostAccount> {
  const accounts = new Map<string, PostAccount>()
  for (const [address, account] of Object.entries(state)) {
    const storage = new Map<bigint, bigint>()
    for (const [key, value] of Object.entries(account.storage))
      if (word(value) !== 0n) storage.set(word(key as Hex), word(value))
    const code = hexToBytes(account.code)
    accounts.set(address.toLowerCase(), { nonce: word(account.nonce), balance: word(account.balance), code, storage })
  }
  return accounts
}

export function firstDifference(expected: TestState, got: Map<string, PostAccount>): string | undefined {
  const want = fromTest(expected)
  for (const [address, account] of want) {
    const other = got.get(address)
    if (other === undefined) return `${address} is absent`
    for (const key of new Set([...account.storage.keys(), ...other.storage.keys()])) {
      const a = account.storage.get(key) ?? 0n
      const b = other.storage.get(key) ?? 0n
      if (a !== b) return `${address} slot 0x${key.toString(16)} is 0x${b.toString(16)}, not 0x${a.toString(16)}`
    }
    if (bytesToHex(other.code) !== bytesToHex(account.code)) return `${address} has other code`
    if (other.nonce !== account.nonce) return `${address} nonce is ${other.nonce}, not ${account.nonce}`
    if (other.balance !== account.balance) return `${address} balance is ${other.balance}, not ${account.balance}`
  }
  for (const address of got.keys()) if (!want.has(address)) return `${address} should be absent`
  return undefined
}

export async function stateRoot(accounts: Map<string, PostAccount>): Promise<Uint8Array> {
  const trie = new MerklePatriciaTrie({ useKeyHashing: true })
  for (const [address, { nonce, balance, code, storage }] of accounts) {
    const slots = new MerklePatriciaTrie({ useKeyHashing: true })
    for (const [key, value] of storage) {
      await slots.put(setLengthLeft(hexToBytes(evenHex(key)), 32), RLP.encode(hexToBytes(evenHex(value))))
    }
    const account = createPartialAccount({
      nonce,
      balance,
      storageRoot: slots.root(),
      codeHash: keccak256(code),
    }) as Account
    await trie.put(hexToBytes(address as Hex), account.serialize())
  }
  return trie.root()
}
