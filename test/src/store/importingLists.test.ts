// Access lists (EIP-7928) beside the file of a chain: of a genesis whose rules are those of Amsterdam.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RLP } from '@ethereumjs/rlp'
import { bytesToHex } from '@ethereumjs/util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BlockExecutor, type GenesisJson, genesisCommon, lmdbState, storeState } from '../../../src/index.js'
import { genesisHeader } from '../../../src/store/genesis.js'
import { memoryEngine } from '../../../src/store/memory.js'
import { signTransaction } from '../../../src/workloads/transaction.js'
import { plainAddress, wallet } from '../../../src/workloads/wallet.js'
import { amsterdamState, CHAIN_ID, COINBASE, PRICES } from '../../support/amsterdam.js'
import { runMain } from '../../support/process.js'
import { withFolder } from '../../support/storeChain.js'

const BLOCKS = 4
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex')
const encode = (value: unknown): Uint8Array => RLP.encode(value as never)
const SENDERS = [0, 1, 2].map((index) => wallet(1, 'lists', index))

function genesis(): GenesisJson {
  const state = amsterdamState()
  for (const { address } of SENDERS) state.set(address, { balance: 10n ** 18n })
  const alloc = [...state.accounts].map(([address, { balance, nonce, code }]) => [
    address,
    { balance: String(balance), nonce: `0x${nonce.toString(16)}`, code: bytesToHex(code) },
  ])
  const early = ['homestead', 'eip150', 'eip155', 'eip158', 'byzantium', 'constantinople', 'petersburg', 'istanbul']
  const blocks = [...early, 'berlin', 'london', 'mergeNetsplit'].map((name) => [`${name}Block`, 0])
  const times = ['shanghai', 'cancun', 'prague', 'osaka', 'bpo1', 'bpo2', 'amsterdam'].map((name) => [`${name}Time`, 0])
  return {
    config: { chainId: Number(CHAIN_ID), terminalTotalDifficulty: 0, ...Object.fromEntries([...blocks, ...times]) },
    nonce: '0x0',
    difficulty: '0x0',
    timestamp: '0x0',
    gasLimit: '0x3938700',
    alloc: Object.fromEntries(alloc),
  }
}

interface Chain {
  blocks: Uint8Array[]
  lists: Uint8Array[]
}

async function chainOf(json: GenesisJson): Promise<Chain> {
  const chain: Chain = { blocks: [], lists: [] }
  const state = storeState(async () => memoryEngine(2 ** 24), { genesis: json })
  const executor = await BlockExecutor.create({ state, common: genesisCommon(json), hardfork: 'schedule', threads: 1 })
  let parent = genesisHeader(genesisCommon(json), state.head?.stateRoot as Uint8Array)
  for (let i = 1; i <= BLOCKS; i++) {
    const transactions = SENDERS.map((sender, index) =>
      signTransaction(
        CHAIN_ID,
        sender,
        { type: 2, to: plainAddress(1, 'lists', 10 + index + i), value: 1n, gasLimit: 300_000n },
        { ...PRICES, maxFee: 10n ** 10n },
      ),
    )
    const built = await executor.build(
      transactions.map((item) => (item instanceof Uint8Array ? item : encode(item))),
      {
        ...{ parent, timestamp: 12 * i, slotNumber: i, feeRecipient: COINBASE, keep: true },
      },
    )
    assert.is(built.included.length, SENDERS.length, JSON.stringify(built.skipped))
    chain.blocks.push(built.blockRlp)
    chain.lists.push(built.result.blockAccessList?.rlp as Uint8Array)
    parent = built.headerRlp
  }
  await executor.close()
  return chain
}

const json = genesis()
const chain = await chainOf(json)

async function withFiles(use: (folder: string, begin: string[]) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    writeFileSync(join(folder, 'genesis.json'), JSON.stringify(json))
    writeFileSync(join(folder, 'chain.rlp'), Buffer.concat(chain.blocks))
    await use(folder, [
      'import',
      '-d',
      join(folder, 'data'),
      '--genesis',
      join(folder, 'genesis.json'),
      join(folder, 'chain.rlp'),
    ])
  })
}

async function keptLists(folder: string): Promise<string[]> {
  const state = lmdbState({ path: join(folder, 'data', 'state') })
  await state.open()
  const lists = Array.from({ length: BLOCKS }, (_, i) => hex(state.blockAccessList(BigInt(i + 1))))
  assert.is(Number(state.head?.number), BLOCKS)
  await state.close()
  return lists
}

test('lists in any order are found by their hashes, kept with their blocks, and used by a replay', async () => {
  await withFiles(async (folder, begin) => {
    const [first, second, , last] = chain.lists as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
    writeFileSync(join(folder, 'chain.bal'), Buffer.concat([second, last, first]))
    const { status, stderr } = await runMain(begin)
    assert.is(status, 0, stderr)
    assert.equal(await keptLists(folder), [hex(first), hex(second), '', hex(last)])
    const replayed = await runMain(['replay', '-d', join(folder, 'data'), '--from', '2'])
    assert.is(replayed.status, 0, replayed.stderr)
    assert.equal(await keptLists(folder), [hex(first), hex(second), '', hex(last)])
  })
})

test('a file of lists that is cut short, and one that is none', async () => {
  await withFiles(async (folder, begin) => {
    const file = join(folder, 'chain.bal')
    writeFileSync(file, Buffer.concat(chain.lists).subarray(0, -3))
    const cut = await runMain(begin)
    assert.is(cut.status, 2, cut.stderr)
    assert.match(cut.stderr, /ends in the middle of its access list 3, at byte/)
    writeFileSync(file, 'no list')
    assert.match((await runMain(begin)).stderr, /has no list at byte 0: it is no file of RLP access lists/)
  })
})

test('lists of other blocks are passed over', async () => {
  await withFiles(async (folder, begin) => {
    writeFileSync(join(folder, 'chain.bal'), Buffer.concat(chain.blocks))
    assert.is((await runMain(begin)).status, 0)
    assert.equal(await keptLists(folder), ['', '', '', ''])
  })
})

test('a genesis with a fork that nobody knows is refused', () => {
  const unknown = { ...json, config: { ...json.config, bogotaTime: 0 } }
  assert.throws(() => genesisCommon(unknown), /genesis.config.bogotaTime: .*a fork that is not known/)
})

test.run()
