// Valid blocks with all it takes to execute them: random ones of every fork, and those that come with the package.
import { Common, Mainnet } from '@ethereumjs/common'
import { hexToBytes } from '@ethereumjs/util'
import { Rules } from '../../abi/core.generated.js'
import { ChainCommons, type ChainRules, rulesOf } from '../../block/common.js'
import { bundledCases, loadCase, type PreState } from '../../blockFiles/index.js'
import type { PreStateReader } from '../../reference/flatState.js'
import type { StateSource } from '../../sources/source.js'
import { witnessState } from '../../sources/witness.js'
import { forkOf, rulesOfNetwork } from '../../spectests/forks.js'
import type { BlockTest, TestBlock } from '../../spectests/json.js'
import type { PlainState } from '../../spectests/plainState.js'
import type { Random } from '../../workloads/random.js'
import { type FuzzBlock, FuzzWorld } from '../blocks.js'
import { caseOf } from '../case.js'
import { ethereumjsOracle } from '../oracles/ethereumjs.js'
import type { Judge } from '../oracles/oracle.js'
import { encodeTree, parseTree } from './tree.js'

/** A valid block on its state. */
export interface Subject {
  name: string
  /** Subjects of the same chain are executed by the same executor. */
  chain: string
  rules: ChainRules
  bytes: Uint8Array
  parentHeaders: Uint8Array[]
  blockHashes: ReadonlyMap<bigint, Uint8Array>
  /** One per transaction; absent when they have to be recovered. */
  senders?: Uint8Array[]
  /** A new source of the state before the block. */
  source(): StateSource
  /** The same for the reference. */
  preState: PreState | PreStateReader
  /** The header has the right one. */
  receiptsRoot: boolean
  /** RLP of its access list, where its fork has one (EIP-7928). */
  accessList?: Uint8Array
  /** @ethereumjs/vm, and with it the other engine, can execute it. */
  byLibrary: boolean
  /** The state may lack what a changed block asks for. */
  partial: boolean
  /** The block as a test that others can execute. */
  test?: BlockTest
}

/**
 * @param judge makes the results of blocks that @ethereumjs/vm cannot execute
 * @returns undefined when the block drawn is not a valid one
 */
export async function randomSubject(
  random: Random,
  fork: string,
  judge: (chain: Pick<Subject, 'chain' | 'rules'>) => Promise<Judge>,
): Promise<Subject | undefined> {
  const rules = rulesOfNetwork(fork)
  const seed = random.u32()
  const common = new ChainCommons(rules).at(1n, 1n)
  const world = new FuzzWorld(seed, fork, rules, common, forkOf(fork).rules)
  // The first block of a chain may have another difficulty than its parent; the second one's state is that of the first.
  world.next()
  const block = world.next()
  if (block.fault !== undefined) return undefined
  const oracle = ethereumjsOracle.knows(fork) ? ethereumjsOracle : await judge({ chain: fork, rules })
  const test = await caseOf({ state: world.state, block }, oracle)
  return test.blocks[0]?.expectException === undefined ? subjectOf(world.state, block, test) : undefined
}

function subjectOf(state: PlainState, block: FuzzBlock, test: BlockTest): Subject {
  const [{ rlp, blockAccessListRlp: list }] = test.blocks as [TestBlock]
  const [genesis] = parseTree(hexToBytes(test.genesisRLP)).items
  const parent = encodeTree(genesis as never)
  return {
    name: block.fork,
    chain: block.fork,
    rules: block.rules,
    bytes: hexToBytes(rlp),
    parentHeaders: [parent],
    blockHashes: new Map(),
    ...(!block.recover && { senders: block.senders }),
    source: () => state.source(),
    preState: state,
    receiptsRoot: forkOf(block.fork).rules >= Rules.BYZANTIUM,
    ...(list && { accessList: hexToBytes(list) }),
    byLibrary: ethereumjsOracle.knows(block.fork),
    partial: false,
    test,
  }
}

/** The blocks that come with the package, on mainnet's rules. */
export function* bundledSubjects(): Generator<Subject> {
  for (const path of bundledCases()) {
    const block = loadCase(path)
    const { preState } = block
    if (preState.kind !== 'witness' || block.chainId !== BigInt(Mainnet.chainId)) continue
    yield {
      name: block.name,
      chain: 'mainnet',
      rules: MAINNET_RULES,
      bytes: block.blockRlp,
      parentHeaders: block.parentHeaders,
      blockHashes: block.blockHashes,
      ...(block.senders && { senders: block.senders }),
      source: () => witnessState(preState),
      preState,
      receiptsRoot: true,
      byLibrary: true,
      partial: true,
    }
  }
}

const MAINNET_RULES = rulesOf(new Common({ chain: Mainnet }))
