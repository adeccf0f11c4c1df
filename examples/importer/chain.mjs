// What an importer has besides its VM: a blockchain of headers, and here a chain to import, which is generated.
import { createBlockFromRLP } from '@ethereumjs/block'
import { createVM } from '@ethereumjs/vm'
import { managerOf } from '../../dist/test/support/managers.js'
import { workloadChain } from '../../dist/test/support/workloadChain.js'
import { workloadCommon } from '../../dist/src/workloads/chain.js'

/** Headers are those of a chain when each names the one before it. */
class Headers {
  #blocks = new Map()
  #last

  async validateHeader({ parentHash, number }) {
    if (this.#last === undefined) return
    const { header } = this.#last
    if (number !== header.number + 1n || Buffer.compare(parentHash, this.#last.hash()) !== 0) {
      throw new Error(`block ${number} does not follow block ${header.number}`)
    }
  }

  async putBlock(block) {
    this.#blocks.set(Number(block.header.number), block)
    this.#last = block
  }

  /** For BLOCKHASH. */
  async getBlock(number) {
    const block = this.#blocks.get(number)
    if (block !== undefined) return block
    const child = this.#blocks.get(number + 1)
    if (child === undefined) throw new Error(`block ${number} is not known`)
    return { hash: () => child.header.parentHash }
  }

  shallowCopy() {
    return this
  }
}

/**
 * @param gas of all blocks
 * @returns the state before the blocks, and what makes them and a VM with that state, each time anew
 */
export async function chainOf(count, gas) {
  const { blocks, preState } = await workloadChain('mainnet-mix', gas, Array(count).fill(1))
  const common = workloadCommon()
  const { header: first } = createBlockFromRLP(blocks[0], { common })
  return {
    genesis: { ...preState, number: first.number - 1n, hash: first.parentHash },
    blocks: () => blocks.map((rlp) => createBlockFromRLP(rlp, { common })),
    vm: async () => {
      const blockchain = new Headers()
      // The parent of the first block.
      await blockchain.putBlock({ header: { ...first, number: first.number - 1n }, hash: () => first.parentHash })
      return await createVM({ common, blockchain, stateManager: await managerOf(preState, common) })
    },
  }
}
