import { Account, KECCAK256_RLP, unpadBytes } from '@ethereumjs/util'
import type { PreStateReader } from '../reference/flatState.js'
import type { BlockCore } from '../wasm/blockCore.js'

/** The state before the running block, as plain @ethereumjs reads it. Base values change only when a block is kept. */
export function baseReader(block: BlockCore): PreStateReader {
  return {
    account(address: Uint8Array): Account | undefined {
      const base = block.baseAccount(address)
      return base && new Account(base.nonce, base.balance, KECCAK256_RLP, base.codeHash)
    },
    storage: (address, key) => unpadBytes(block.baseSlot(address, key)),
    code: (hash) => block.codeOf(hash),
    hasStorage: (address) => block.baseHasStorage(address),
  }
}
