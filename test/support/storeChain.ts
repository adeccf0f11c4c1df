// A chain of generated blocks, and folders for its state.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chainBlockOf } from '../../src/blockFiles/chainFile.js'
import type { BlockResult, StateAfter } from '../../src/index.js'
import type { WorkloadKind } from '../../src/workloads/index.js'
import { type WorkloadChain, workloadChain } from './workloadChain.js'

/** `parent`: what stands for the block before the first one. */
export interface StoreChain extends WorkloadChain {
  genesis: StateAfter
}

export async function storeChain(
  blocks: number,
  gas = 2_000_000,
  kind: WorkloadKind = 'mainnet-mix',
): Promise<StoreChain> {
  const chain = await workloadChain(kind, gas, new Array(blocks).fill(1))
  const { accounts, codes } = chain.preState
  const [first = new Uint8Array()] = chain.blocks
  return {
    ...chain,
    genesis: { accounts, codes, number: 23_949_999n, hash: chainBlockOf(first, 'the chain', 0).parentHash },
  }
}

/** Calls `use` with a folder that is gone afterwards. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'parallevm-store-'))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const rootsOf = (results: readonly BlockResult[]): string[] =>
  results.map(({ stateRoot }) => Buffer.from(stateRoot ?? []).toString('hex'))
