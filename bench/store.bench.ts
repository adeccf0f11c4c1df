// Blocks over a state on disk, beside the same over a state in memory and plain @ethereumjs/vm over its MerkleStateManager.
// PARALLEVM_BENCH_RUNS: of ours; the baseline runs once.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBlockFromRLP } from '@ethereumjs/block'
import { MerkleStateManager } from '@ethereumjs/statemanager'
import { Account, Address, KECCAK256_NULL } from '@ethereumjs/util'
import { createVM, runBlock } from '@ethereumjs/vm'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { BlockExecutor, lmdbState, type StateSource, stateManagerState } from '../src/index.js'
import { workloadCommon } from '../src/workloads/chain.js'
import { type StoreChain, storeChain } from '../test/support/storeChain.js'

const RUNS = Number(process.env.PARALLEVM_BENCH_RUNS ?? 5)
const BLOCKS = 20

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

async function filled({ preState }: StoreChain): Promise<MerkleStateManager> {
  const manager = new MerkleStateManager({ common: workloadCommon() })
  const codes = new Map(preState.codes.map((code) => [hex(keccak_256(code)), code]))
  for (const { address, nonce, balance, codeHash, storage } of preState.accounts) {
    const at = new Address(address)
    await manager.putAccount(at, new Account(nonce, balance))
    if (hex(codeHash) !== hex(KECCAK256_NULL)) await manager.putCode(at, codes.get(hex(codeHash)) as Uint8Array)
    for (const [key, value] of storage)
      await manager.putStorage(at, key, value.subarray(value.findIndex((byte) => byte !== 0)))
  }
  await manager.flush()
  return manager
}

async function plain(chain: StoreChain): Promise<number> {
  const common = workloadCommon()
  const stateManager = await filled(chain)
  const vm = await createVM({ common, stateManager })
  const begun = performance.now()
  for (const [index, rlp] of chain.blocks.entries()) {
    const block = createBlockFromRLP(rlp, { common, setHardfork: false })
    const root = await stateManager.getStateRoot()
    const { stateRoot } = await runBlock(vm, {
      block,
      root,
      skipBlockValidation: true,
      skipHeaderValidation: true,
    } as never)
    if (hex(stateRoot) !== hex(chain.stateRoots[index] as Uint8Array))
      throw new Error(`block ${index} has another root`)
  }
  return performance.now() - begun
}

async function ours(chain: StoreChain, state: StateSource): Promise<number> {
  const executor = await BlockExecutor.create({ state, common: chain.common, hardfork: 'osaka' })
  const begun = performance.now()
  for await (const { stateRoot, number } of executor.executeAll(chain.blocks)) {
    const index = Number(number - chain.genesis.number) - 1
    if (hex(stateRoot as Uint8Array) !== hex(chain.stateRoots[index] as Uint8Array)) throw new Error('another root')
  }
  await state.detach?.()
  const time = performance.now() - begun
  await executor.close()
  return time
}

async function overLmdb(chain: StoreChain, checkpoint: number): Promise<number> {
  const path = mkdtempSync(join(tmpdir(), 'parallevm-bench-'))
  try {
    return await ours(chain, lmdbState({ path, genesis: chain.genesis, checkpoint }))
  } finally {
    rmSync(path, { recursive: true, force: true })
  }
}

const median = (times: number[]): number => times.sort((a, b) => a - b)[times.length >> 1] as number

const chain = await storeChain(BLOCKS, 115_000_000, 'erc20-many')
const transactions = chain.senders.reduce((sum, list) => sum + list.length, 0)
const contenders: [string, () => Promise<number>][] = [
  ['in memory', () => ours(chain, chain.state())],
  ['on disk, a write a block', () => overLmdb(chain, 1)],
  ['on disk, one write', () => overLmdb(chain, BLOCKS)],
  ['MerkleStateManager', async () => ours(chain, stateManagerState(await filled(chain)))],
]
const baseline = await plain(chain)
console.log(`${BLOCKS} blocks, ${transactions} transactions; ms for all, to the last write`)
console.log(`plain @ethereumjs/vm over MerkleStateManager: ${baseline.toFixed(0)}`)
const times = contenders.map((): number[] => [])
for (let i = 0; i < RUNS; i++) for (const [at, [, time]] of contenders.entries()) times[at]?.push(await time())
for (const [at, [name]] of contenders.entries()) {
  const time = median(times[at] as number[])
  console.log(
    `${name}: ${time.toFixed(0)} (${(baseline / time).toFixed(1)}x), best ${Math.min(...(times[at] as number[])).toFixed(0)}`,
  )
}
