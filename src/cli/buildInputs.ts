// What the command `build` builds on and of: the state after a block, or before it, or that of a genesis; transactions of a file.
import { readFileSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { RLP } from '@ethereumjs/rlp'
import { bytesToUtf8, hexToBytes } from '@ethereumjs/util'
import { type Header, headerOf } from '../block/blockHeader.js'
import { type BodyTransaction, bytesOf } from '../block/body.js'
import { ChainCommons, type ChainRules, rulesOf } from '../block/common.js'
import { decodeHeader } from '../block/decode.js'
import { loadCase } from '../blockFiles/index.js'
import { toBigInt } from '../bytes.js'
import { messageOf } from '../errors.js'
import { BlockExecutor } from '../executor/blockExecutor.js'
import type { BuildOptions } from '../executor/builder/types.js'
import { type GenesisJson, genesisCommon, genesisHeader } from '../store/genesis.js'
import { storeState } from '../store/lmdbState.js'
import { memoryEngine } from '../store/memory.js'
import { commonOf, hardforkOf, hasRoot } from './blockCase.js'
import { Executors, repeatable } from './contenders.js'
import { UsageError } from './exit.js'
import { readJson } from './jsonFile.js'

/** A state, and what is known of the block that is built on it. */
export interface Ground {
  executor: BlockExecutor
  rules: ChainRules
  chainId: bigint
  /** RLP, newest first: the parent is the first; none where a block of a flat file is built in its place. */
  parentHeaders: Uint8Array[]
  blockHashes: ReadonlyMap<bigint, Uint8Array>
  /** The state has tries; without them a block gets no state root, and is not sealed. */
  rooted: boolean
  /** Of the block where nobody says otherwise. */
  defaults: Omit<BuildOptions, 'timestamp'> & { timestamp: bigint }
  /** Those of the block in whose place it is built. */
  transactions: Uint8Array[]
  close(): Promise<void>
}

const NOTHING = new Uint8Array(0)

/** Seconds from a block to the next one, where nobody says how many. */
const SLOT = 12n

/** @throws UsageError, FixtureError, and what executing the block throws */
export async function onFile(file: string, at: 'before' | 'after', threads: number): Promise<Ground> {
  const block = loadCase(file)
  const rules = rulesOf(commonOf(block), hardforkOf(block))
  const [fields, items, , withdrawals = []] = RLP.decode(block.blockRlp) as [
    Uint8Array[],
    BodyTransaction[],
    unknown,
    Uint8Array[][]?,
  ]
  const own = RLP.encode(fields)
  const header = headerOf(decodeHeader(own, new ChainCommons(rules)))
  const before = at === 'before'
  const rooted = hasRoot(block)
  // Flat files never have it: what follows from it is in the block's own header, and no root is compared.
  if (before && rooted && block.parentHeaders.length === 0) {
    throw new UsageError(`${file} does not have the header of the parent: build on the block with --at after`)
  }
  const executors = new Executors()
  try {
    const executor = await executors.on(block, { engine: 'wasm', threads })
    if (!before) await executor.execute(block.blockRlp, { ...repeatable(block, work), advance: true, verify: 'header' })
    return {
      executor,
      rules,
      chainId: block.chainId,
      parentHeaders: before ? block.parentHeaders : [own, ...block.parentHeaders],
      blockHashes: block.blockHashes,
      rooted,
      defaults: before
        ? { ...placeOf(header, withdrawals), ...(!rooted && { inPlaceOf: own }) }
        : { timestamp: header.timestamp + SLOT },
      transactions: before ? items.map(bytesOf) : [],
      close: () => executors.close(),
    }
  } catch (error) {
    await executors.close()
    throw error
  }
}

const work = { root: true, givenSenders: true }

/** What a block says of itself that its transactions do not decide. */
function placeOf(header: Header, withdrawals: Uint8Array[][]): Ground['defaults'] {
  const { timestamp, coinbase, gasLimit, extraData, mixHash, parentBeaconBlockRoot, slotNumber } = header
  return {
    timestamp,
    feeRecipient: coinbase.bytes,
    gasLimit,
    extraData,
    ...(header.common.consensusType() === 'pos' && { prevRandao: mixHash }),
    ...(parentBeaconBlockRoot && { parentBeaconBlockRoot }),
    ...(slotNumber !== undefined && { slotNumber }),
    ...(header.withdrawalsRoot && {
      withdrawals: withdrawals.map(([index = NOTHING, validatorIndex = NOTHING, address, amount = NOTHING]) => ({
        index: toBigInt(index),
        validatorIndex: toBigInt(validatorIndex),
        address: address as Uint8Array,
        amount: toBigInt(amount),
      })),
    }),
  }
}

/** On the first block of a chain. @throws UsageError, InvalidStateError */
export async function onGenesis(file: string, threads: number): Promise<Ground> {
  const genesis = readJson<GenesisJson>(file)
  const common = genesisCommon(genesis)
  const state = storeState(async () => memoryEngine(), { genesis })
  const executor = await BlockExecutor.create({ state, common, threads, verify: 'none' })
  const header = genesisHeader(common, state.head?.stateRoot as Uint8Array)
  const rules = rulesOf(common)
  return {
    executor,
    rules,
    chainId: BigInt(common.chainId()),
    parentHeaders: [header],
    blockHashes: new Map(),
    rooted: true,
    defaults: { timestamp: headerOf(decodeHeader(header, new ChainCommons(rules))).timestamp + SLOT },
    transactions: [],
    close: () => executor.close(),
  }
}

/**
 * Transactions of a file (`-`: standard input): RLP of a list of them, or one a line: hex of its EIP-2718 bytes, also as a JSON string or
 * as an object with `raw`.
 * @throws UsageError
 */
export async function transactionsOf(file: string): Promise<Uint8Array[]> {
  const name = file === '-' ? 'standard input' : file
  const bytes = await contentOf(file, name)
  if ((bytes[0] ?? 0) >= 0xc0) return listed(bytes, name)
  const lines = bytesToUtf8(bytes).split('\n')
  return lines.flatMap((line, index) => (line.trim() === '' ? [] : [ofLine(line.trim(), `${name}, line ${index + 1}`)]))
}

async function contentOf(file: string, name: string): Promise<Uint8Array> {
  try {
    return file === '-' ? await buffer(process.stdin) : readFileSync(file)
  } catch (cause) {
    throw new UsageError(`${name} cannot be read: ${messageOf(cause)}`, { cause })
  }
}

function listed(bytes: Uint8Array, name: string): Uint8Array[] {
  try {
    const items = RLP.decode(bytes) as BodyTransaction[]
    return items.map(bytesOf)
  } catch (cause) {
    throw new UsageError(`${name} is no RLP of a list of transactions: ${messageOf(cause)}`, { cause })
  }
}

function ofLine(line: string, place: string): Uint8Array {
  try {
    const value: unknown = /^["{]/.test(line) ? JSON.parse(line) : line
    const text = typeof value === 'string' ? value : (value as { raw?: unknown }).raw
    if (typeof text === 'string' && /^(0x)?([\da-f]{2})+$/i.test(text))
      return hexToBytes(`0x${text.replace(/^0x/, '')}`)
  } catch {
    // Said below.
  }
  throw new UsageError(`${place}: no transaction: hex of its bytes, "0x02f8…", or {"raw":"0x02f8…"}`)
}
