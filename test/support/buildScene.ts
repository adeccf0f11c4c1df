// Transactions of random blocks, and what a block of them is built on.
import { createBlockHeader } from '@ethereumjs/block'
import { Common } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { Rules } from '../../src/abi/core.generated.js'
import { ChainCommons } from '../../src/block/common.js'
import { FuzzWorld } from '../../src/fuzz/blocks.js'
import { BASE_FEE, Field, type Item } from '../../src/fuzz/header.js'
import { BlockExecutor, type BuildOptions } from '../../src/index.js'
import { forkOf, rulesOfNetwork } from '../../src/spectests/forks.js'
import { Random } from '../../src/workloads/random.js'

const bytesOf = (item: Item): Uint8Array => (item instanceof Uint8Array ? item : RLP.encode(item as never))

/** A state, a parent, and transactions of several blocks that all begin with the same nonces: most of the later ones cannot be. */
export async function sceneOf(fork: string, seed: number, gasLimit = 30_000_000n) {
  const rules = rulesOfNetwork(fork)
  const { rules: level } = forkOf(fork)
  const common = new ChainCommons(rules).at(1n, 1n)
  const world = new FuzzWorld(seed, fork, rules, common, level)
  const random = new Random(seed, 'build')
  const blocks = Array.from({ length: 3 }, () => world.next())
  const { header } = blocks[0] as (typeof blocks)[number]
  const candidates = blocks.flatMap(({ transactions }) => transactions.map(bytesOf))
  for (let i = candidates.length - 1; i > 0; i--) {
    const other = random.below(i + 1)
    const [a, b] = [candidates[i] as Uint8Array, candidates[other] as Uint8Array]
    candidates[i] = b
    candidates[other] = a
  }
  candidates.push(Uint8Array.of(0), Uint8Array.of(0xc0), new Uint8Array(60).fill(0xf7))
  const source = world.state.source()
  const open = (threads: number, engine: 'wasm' | 'ethereumjs' = 'wasm') =>
    BlockExecutor.create({ common: new Common({ chain: rules.chain }), state: source, threads, engine })
  const [number, timestamp] = [1n, 12n]
  const parent = createBlockHeader(
    {
      number: number - 1n,
      timestamp: timestamp - 12n,
      stateRoot: await within(open(1), rootOf),
      gasLimit,
      gasUsed: gasLimit / 2n,
      ...(level >= Rules.LONDON && { baseFeePerGas: BASE_FEE }),
      ...(level >= Rules.CANCUN && { excessBlobGas: 0n, blobGasUsed: 0n }),
      ...(level < Rules.PARIS && { difficulty: 131_072n }),
    },
    { common, skipConsensusFormatValidation: true },
  )
  const options: BuildOptions = {
    parent: parent.serialize(),
    timestamp,
    feeRecipient: header[Field.COINBASE] as Uint8Array,
    ...(level >= Rules.SHANGHAI && {
      withdrawals: [{ index: 1, validatorIndex: 2, address: new Uint8Array(20).fill(7), amount: 3 }],
    }),
    ...(level >= Rules.CANCUN && { parentBeaconBlockRoot: new Uint8Array(32).fill(5) }),
  }
  return { candidates, options, open, level }
}

export async function within<T>(
  executor: Promise<BlockExecutor>,
  use: (executor: BlockExecutor) => Promise<T>,
): Promise<T> {
  const opened = await executor
  try {
    return await use(opened)
  } finally {
    await opened.close()
  }
}

/** The hash of the first node of any proof. */
export async function rootOf(executor: BlockExecutor): Promise<Uint8Array> {
  const { accountProof } = await executor.getProof(new Uint8Array(20))
  return keccak_256(Buffer.from((accountProof[0] as string).slice(2), 'hex'))
}
