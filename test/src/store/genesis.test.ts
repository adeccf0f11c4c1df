// States that a store begins with, and what it gives back of them: geth's genesis and dumps.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hexToBytes } from '@ethereumjs/util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BlockExecutor } from '../../../src/executor/blockExecutor.js'
import { dumpLines, type GenesisJson, lmdbState, stateOfDump, storeState } from '../../../src/index.js'
import { PlainState } from '../../../src/spectests/plainState.js'
import { genesisStart } from '../../../src/store/genesis.js'
import { memoryEngine } from '../../../src/store/memory.js'
import { plainEnvironment } from '../../support/process.js'
import { storeChain, withFolder } from '../../support/storeChain.js'
import { writeChain } from '../../support/writeChain.js'

const MAIN = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url))
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex')
const run = (...args: string[]) =>
  spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', env: plainEnvironment() })

const ADDRESS = `0x${'00'.repeat(19)}aa`
const CONTRACT = `${'00'.repeat(19)}bb`
const GENESIS: GenesisJson = {
  config: { chainId: 1337, homesteadBlock: 0, eip150Block: 0, eip155Block: 0, eip158Block: 0, byzantiumBlock: 0 },
  nonce: '0x42',
  timestamp: '0x0',
  extraData: '0x1234',
  gasLimit: '0x1388',
  difficulty: '0x1',
  alloc: {
    [ADDRESS]: { balance: '0x10' },
    [CONTRACT]: { balance: '1000', nonce: '0x1', code: '0x6001', storage: { '0x01': '0x0203' } },
  },
}

test('the hash of a genesis is that of mainnet for its fields', () => {
  const fields = {
    ...GENESIS,
    config: { chainId: 1, homesteadBlock: 1150000 },
    extraData: '0x11bbe8db4e347b4e8c937c1c8370e4b5ed33adb3db69cbdb7a38e1e50b1b82fa',
    difficulty: '0x400000000',
    nonce: '0x0000000000000042',
  }
  const root = hexToBytes('0xd7f8974fb5ac78d9ac099b9ad5018bedc2ce0a72dad1827a1709da30580f0544')
  const { hash } = genesisStart(fields).headOf(root)
  assert.is(hex(hash), 'd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3')
})

test('a genesis has the root of its accounts; another one is another chain', async () => {
  const expected = new PlainState()
  expected.set(hexToBytes(ADDRESS as `0x${string}`), { balance: 16n })
  const contract = expected.set(hexToBytes(`0x${CONTRACT}`), {
    balance: 1000n,
    nonce: 1n,
    code: Uint8Array.of(0x60, 1),
  })
  contract.storage.set(`0x${'00'.repeat(31)}01`, `0x${'00'.repeat(30)}0203`)
  const engine = memoryEngine(2 ** 24)
  const codeWith = async (genesis: GenesisJson): Promise<string> => {
    const state = storeState(async () => engine, { genesis })
    try {
      const executor = await BlockExecutor.create({ state, threads: 1 })
      assert.is(hex(state.head?.stateRoot), hex(await expected.root()))
      await executor.close()
      return 'fine'
    } catch (error) {
      return (error as { code: string }).code
    }
  }
  assert.is(await codeWith(GENESIS), 'fine')
  assert.is(await codeWith(GENESIS), 'fine')
  assert.is(await codeWith({ ...GENESIS, alloc: { [CONTRACT]: { balance: '0x3e8' } } }), 'STORE_OTHER_CHAIN')
  assert.is(await codeWith({ ...GENESIS, config: { ...GENESIS.config, chainId: 1338 } }), 'STORE_OTHER_CHAIN')
  assert.is(await codeWith({ ...GENESIS, extraData: '0x' }), 'STORE_OTHER_CHAIN')
})

test('what is no genesis is named', () => {
  const broken = { ...GENESIS, config: { chainId: 1, eip155Block: 1, eip158Block: 2 } }
  assert.throws(() => lmdbState({ path: '/nowhere', genesis: broken }), /genesis/)
})

test('a dump of a state after blocks begins another store', async () => {
  const chain = await storeChain(6)
  const [first, second] = [memoryEngine(2 ** 28), memoryEngine(2 ** 28)]
  const state = storeState(async () => first, { genesis: chain.genesis })
  const executor = await BlockExecutor.create({ state, hardfork: 'osaka', threads: 1 })
  for await (const _ of executor.executeAll(chain.blocks.slice(0, 4)));
  const lines = [...dumpLines(state)]
  await executor.close()
  const copy = storeState(async () => second, { genesis: stateOfDump(() => lines) })
  const other = await BlockExecutor.create({ state: copy, hardfork: 'osaka', threads: 1 })
  assert.is(hex(copy.head?.stateRoot), hex(chain.stateRoots[3]))
  assert.is(hex(copy.head?.hash), hex(state.head?.hash))
  for await (const { stateRoot, number } of other.executeAll(chain.blocks.slice(4))) {
    assert.is(hex(stateRoot), hex(chain.stateRoots[Number(number - chain.genesis.number) - 1]))
  }
  await other.close()
  assert.throws(() => stateOfDump(() => ['{"root":"0x"}']), /number/)
  assert.throws(() => stateOfDump(() => ['no json']), /line 1/)
})

test('the command: a dump and a genesis go out and in', async () => {
  await withFolder(async (folder) => {
    writeChain(folder, await storeChain(3))
    const [data, dump] = [join(folder, 'data'), join(folder, 'out.jsonl')]
    const state = join(folder, 'state.jsonl')
    assert.is(run('import', '-d', data, '--state', state, join(folder, 'chain.rlp')).status, 0)
    assert.is(run('export', '-d', data, dump).status, 0)
    const again = run('import', '-d', join(folder, 'copy'), '--state', dump, join(folder, 'chain.rlp'))
    assert.match(again.stdout, '0 blocks')
    const out = run('export', '-d', join(folder, 'copy')).stdout
    assert.is(out, readFileSync(dump, 'utf8'))
    writeFileSync(join(folder, 'genesis.json'), JSON.stringify(GENESIS))
    writeFileSync(join(folder, 'none.rlp'), '')
    const begin = run(
      'import',
      '-d',
      join(folder, 'own'),
      '--genesis',
      join(folder, 'genesis.json'),
      join(folder, 'none.rlp'),
    )
    assert.is(begin.status, 0, begin.stderr)
    const genesis = run('export', '-d', join(folder, 'own'), '--genesis')
    const { alloc, ...fields } = JSON.parse(genesis.stdout)
    const { alloc: _, ...expected } = GENESIS
    assert.equal(fields, expected)
    assert.is(BigInt(alloc[`0x${CONTRACT}`].storage[`0x${'00'.repeat(31)}01`]), 0x0203n)
    assert.is(run('export', '-d', join(folder, 'nothing')).status, 2)
  })
})

test.run()
