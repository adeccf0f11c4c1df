// Writes a generated chain as files: state.jsonl, the state that it begins with, and chain.rlp.
// node dist/test/support/writeChain.js FOLDER BLOCKS [GAS of all] [KIND]
import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bytesToHex } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import type { WorkloadKind } from '../../src/workloads/index.js'
import { type StoreChain, storeChain } from './storeChain.js'

export function writeChain(folder: string, { genesis, preState, blocks }: StoreChain): void {
  const state = openSync(join(folder, 'state.jsonl'), 'w')
  const codes = new Map(preState.codes.map((code) => [bytesToHex(keccak_256(code)), bytesToHex(code)]))
  const head = { number: String(genesis.number), hash: bytesToHex(genesis.hash) }
  writeSync(state, `${JSON.stringify(head)}\n`)
  for (const { address, nonce, balance, codeHash, storage } of preState.accounts) {
    const slots = storage.map(([key, value]) => [bytesToHex(key), bytesToHex(value).slice(2)])
    const account = {
      address: bytesToHex(address),
      nonce: String(nonce),
      balance: String(balance),
      code: codes.get(bytesToHex(codeHash)) ?? '0x',
      storage: Object.fromEntries(slots),
    }
    writeSync(state, `${JSON.stringify(account)}\n`)
  }
  closeSync(state)
  const chain = openSync(join(folder, 'chain.rlp'), 'w')
  for (const block of blocks) writeSync(chain, block)
  closeSync(chain)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder = '.', blocks = '100', gas = '20000000', kind = 'mainnet-mix'] = process.argv.slice(2)
  writeChain(folder, await storeChain(Number(blocks), Number(gas), kind as WorkloadKind))
}
