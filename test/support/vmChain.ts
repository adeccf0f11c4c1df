// A few blocks with all that a VM needs to run them, each VM with a state manager of its own.
import { type Block, createBlockFromRLP } from '@ethereumjs/block'
import type { Common } from '@ethereumjs/common'
import { MerklePatriciaTrie } from '@ethereumjs/mpt'
import { Caches, MerkleStateManager } from '@ethereumjs/statemanager'
import { createVM, type VM, type VMOpts } from '@ethereumjs/vm'
import { workloadCommon } from '../../src/workloads/chain.js'
import { fillManager } from './managers.js'
import { type WorkloadChain, workloadChain } from './workloadChain.js'

export interface VmChain {
  common: Common
  chain: WorkloadChain
  /** New objects each time: a block remembers what was asked of it. */
  block(index: number): Block
  vm(manager?: ManagerName, options?: Omit<VMOpts, 'common' | 'stateManager'>): Promise<VM>
}

/** State managers that are written by nodes, and those that are not. */
export const MANAGERS = {
  plain: (common: Common) => new MerkleStateManager({ common }),
  cached: (common: Common) => new MerkleStateManager({ common, caches: new Caches() }),
  'key prefixes': (common: Common) => new MerkleStateManager({ common, prefixStorageTrieKeys: true }),
  persistent: (common: Common) =>
    new MerkleStateManager({
      common,
      trie: new MerklePatriciaTrie({ common, useKeyHashing: true, useRootPersistence: true, cacheSize: 100 }),
    }),
} as const satisfies Record<string, (common: Common) => MerkleStateManager>
export type ManagerName = keyof typeof MANAGERS

export async function vmChain(gas: number, blocks: number): Promise<VmChain> {
  const chain = await workloadChain('mainnet-mix', gas, Array(blocks).fill(1))
  const common = workloadCommon()
  return {
    common,
    chain,
    block: (index) => createBlockFromRLP(chain.blocks[index] as Uint8Array, { common, freeze: false }),
    async vm(manager = 'plain', options = {}) {
      const stateManager = MANAGERS[manager](common)
      await fillManager(stateManager, chain.preState)
      return await createVM({ common, stateManager, blockchain: headersOf(chain, common), ...options })
    },
  }
}

/** A blockchain that knows the hashes of the chain, and lets every header pass. */
function headersOf({ blocks }: WorkloadChain, common: Common): NonNullable<VMOpts['blockchain']> {
  const headers = blocks.map((rlp) => createBlockFromRLP(rlp, { common }).header)
  return {
    getBlock: async (number: number) => {
      const child = headers.find((header) => header.number === BigInt(number) + 1n)
      if (child === undefined) throw new Error(`block ${number} is not known`)
      return { hash: () => child.parentHash }
    },
    putBlock: async () => {},
    validateHeader: async () => {},
    shallowCopy() {
      return this
    },
  } as never
}

/** All accounts of a state manager and their storage, as text. */
export async function contentsOf(vm: VM): Promise<string[]> {
  const manager = vm.stateManager as MerkleStateManager
  await manager.getStateRoot()
  const trie = (manager as unknown as { _trie: MerklePatriciaTrie })._trie
  return Object.entries((await trie.getValueMap()).values).map(([key, value]) => `${key} ${value}`)
}
