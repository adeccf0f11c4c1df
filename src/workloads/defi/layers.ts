// Layers above and beside: batches of rollups, messages of bridges.
import { calldata, dynamicBytes, encode } from '../abi.js'
import { ETHER } from '../chain.js'
import { plainAddress, type Wallet } from '../wallet.js'
import { hashOf } from './typedData.js'
import { type DefiWorkload, people, type Site, several, Turns, unlucky } from './workload.js'

const BATCH_BYTES = 4_096
/** EIP-7691 and EIP-7594: what a block and a transaction may have; blocks of other things leave room. */
const BLOBS = { block: 9, transaction: 2 }
const VERSIONED_HASH_VERSION_KZG = 1
/** That the far end of a bridge has sent. */
const MESSAGES = 1_024

const rollup: DefiWorkload = {
  name: 'rollup',
  about: `batches of rollups: ${BATCH_BYTES} bytes of calldata, or blobs while the block has room for them`,
  spread: 'many rollups, each with a sequencer of its own',
  hot: 'one rollup, one sequencer',
  gas: { spread: 177_000, hot: 176_000 },
  share: 4,
  async setUp(site) {
    const { world, random } = site
    const rollups: { at: Uint8Array; sequencer: Wallet; batches: bigint }[] = []
    const count = site.hot ? 1 : people(site, 'sequencer').all.length
    for (let i = 0; i < count; i++) {
      const sequencer = world.user('sequencer', i)
      rollups.push({ at: await world.deploy('Rollup', sequencer.address), sequencer, batches: 0n })
    }
    const turns = new Turns(rollups)
    return (block) => {
      const rollup = turns.next()
      const fails = unlucky(site)
      // Out of luck: the number of another batch.
      const number = fails ? rollup.batches + 7n : rollup.batches++
      const { at: to, sequencer: sender } = rollup
      const root = hashOf(`state ${number} ${random.u32()}`)
      if (block.blobs + BLOBS.transaction <= BLOBS.block && random.below(2) === 0) {
        const hashes = Array.from({ length: BLOBS.transaction }, () => hashOf(`blob ${random.u32()}`))
        for (const hash of hashes) hash[0] = VERSIONED_HASH_VERSION_KZG
        const data = calldata('postBlobs(uint256,bytes32,uint256)', number, root, BigInt(hashes.length))
        return {
          sender,
          gas: fails ? 27_000 : 58_000,
          to,
          fields: { type: 3, data, blobVersionedHashes: hashes },
          fails,
        }
      }
      const data = calldata('postCalldata(uint256,bytes32,bytes)', number, root, dynamicBytes(bytes(site)))
      return { sender, gas: 190_000, to, fields: { data, gasLimit: 400_000n }, fails }
    }
  },
}

/** As compressed data is: hardly a zero in it. */
function bytes({ random }: Site): Uint8Array {
  const words = Uint32Array.from({ length: BATCH_BYTES / 4 }, () => random.u32())
  return new Uint8Array(words.buffer)
}

const bridge: DefiWorkload = {
  name: 'bridge',
  about: 'messages of a bridge, each proven by its Merkle proof, minted here',
  spread: 'many bridges',
  hot: 'one bridge',
  gas: { spread: 71_000, hot: 69_000 },
  share: 10,
  async setUp(site) {
    const { world } = site
    const relayers = people(site, 'bridge relayer')
    const bridges: { at: Uint8Array; tree: Tree; next: number }[] = []
    for (let i = 0; i < several(site, 8, 8); i++) {
      const messages = Array.from({ length: MESSAGES }, (_, index) => {
        const to = plainAddress(world.seed, `bridge ${i}`, index)
        return { to, value: ETHER + BigInt(index), index: BigInt(index) }
      })
      const tree = new Tree(messages.map(({ index, to, value }) => hashOf(hashOf(encode(index, to, value)))))
      bridges.push({ at: await world.deploy('Bridge', tree.root), tree, next: 0 })
    }
    const turns = new Turns(bridges)
    return () => {
      const sender = relayers.next()
      const each = turns.next()
      const { at: to, tree } = each
      const number = bridges.indexOf(each)
      // Those of a long chain are used up: then the last ones are sent again, and fail as they should.
      const again = each.next >= MESSAGES
      const fails = again || unlucky(site)
      const index = again ? MESSAGES - 1 : each.next
      if (!fails) each.next++
      const payee = plainAddress(world.seed, `bridge ${number}`, index)
      const value = ETHER + BigInt(index) + (fails ? 1n : 0n)
      const types = 'relay(uint256,address,uint256,bytes32[])'
      const data = calldata(types, BigInt(index), payee, value, tree.proof(index))
      return { sender, gas: fails ? 41_000 : 92_000, to, fields: { data }, fails }
    }
  },
}

/** As OpenZeppelin's MerkleProof takes it: the two hashes of a node in order. The number of leaves is a power of two. */
class Tree {
  readonly #levels: Uint8Array[][]

  constructor(leaves: Uint8Array[]) {
    this.#levels = [leaves]
    for (let level = leaves; level.length > 1; this.#levels.push(level)) {
      level = Array.from({ length: level.length / 2 }, (_, i) => joined(level[2 * i]!, level[2 * i + 1]!))
    }
  }

  get root(): Uint8Array {
    return this.#levels.at(-1)![0]!
  }

  proof(leaf: number): Uint8Array[] {
    return this.#levels.slice(0, -1).map((level, depth) => level[(leaf >> depth) ^ 1]!)
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  return hashOf(Buffer.concat(Buffer.compare(a, b) < 0 ? [a, b] : [b, a]))
}

export const LAYERS = [rollup, bridge]
