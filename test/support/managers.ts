// The state before a block in a state manager of @ethereumjs.
import type { Common } from '@ethereumjs/common'
import { MerkleStateManager } from '@ethereumjs/statemanager'
import { Account, Address } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import type { PreState } from '../../src/blockFiles/index.js'

type FlatState = PreState & { kind: 'flat' }

export async function managerOf(preState: FlatState, common: Common): Promise<MerkleStateManager> {
  const stateManager = new MerkleStateManager({ common })
  await stateManager.checkpoint()
  const codes = new Map(preState.codes.map((code) => [Buffer.from(keccak_256(code)).toString('hex'), code]))
  for (const { address, nonce, balance, codeHash, storage } of preState.accounts) {
    const at = new Address(address)
    await stateManager.putAccount(at, new Account(nonce, balance))
    const code = codes.get(Buffer.from(codeHash).toString('hex'))
    if (code !== undefined) await stateManager.putCode(at, code)
    for (const [key, value] of storage)
      await stateManager.putStorage(at, key, value.subarray(value.findIndex((byte) => byte !== 0)))
  }
  await stateManager.commit()
  return stateManager
}
