// Writes test/data: a few state and blockchain tests in the official formats, with results by plain @ethereumjs/vm over its
// own Merkle state manager. Run it after `npm run build`: node dist/scripts/build-test-data.js
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Block, createBlock } from '@ethereumjs/block'
import { Common } from '@ethereumjs/common'
import { createMPT } from '@ethereumjs/mpt'
import { RLP } from '@ethereumjs/rlp'
import { MerkleStateManager } from '@ethereumjs/statemanager'
import { createTx, type TypedTxData } from '@ethereumjs/tx'
import {
  Account,
  bytesToHex,
  createAddressFromPrivateKey,
  createAddressFromString,
  createWithdrawal,
  type PrefixedHexString as Hex,
  hexToBytes,
} from '@ethereumjs/util'
import { buildBlock, createVM, runTx, type VM } from '@ethereumjs/vm'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { rulesOfNetwork } from '../src/spectests/forks.js'
import type { BlockTest, StateTest, TestBlock, TestState } from '../src/spectests/json.js'

const OUT = join(process.cwd(), 'test/data')
const KEY = new Uint8Array(32).fill(0x45)
const SENDER = createAddressFromPrivateKey(KEY).toString() as Hex
const COINBASE = '0xc0ffee0000000000000000000000000000000001'
const CONTRACT = '0x00000000000000000000000000000000000c0de1'
const BENEFICIARY = '0x00000000000000000000000000000000000bebe1'

/** SSTORE(TIMESTAMP, CALLVALUE), then LOG1 of 32 bytes of calldata under topic NUMBER. */
const STORE_AND_LOG = '0x3442556000356000524360206000a100'
/** CREATE of a contract with one byte of code, its address stored in slot 1. */
const CREATOR = '0x6960fe60005360016000f3600052600600a60166000f0600155'
/** SELFDESTRUCT to the caller. */
const DESTROY = '0x33ff'

function preOf(code: Hex): TestState {
  return {
    [SENDER]: { nonce: '0x01', balance: '0x0de0b6b3a7640000', code: '0x', storage: {} },
    [CONTRACT]: { nonce: '0x01', balance: '0x07', code, storage: { '0x01': '0x02' } },
  }
}

async function vmOf(pre: TestState, common: Common): Promise<VM> {
  const trie = await createMPT({ useKeyHashing: true, common })
  const stateManager = new MerkleStateManager({ trie, common })
  for (const [hex, { nonce, balance, code, storage }] of Object.entries(pre)) {
    const address = createAddressFromString(hex)
    await stateManager.putAccount(address, new Account(BigInt(nonce), BigInt(balance)))
    if (code !== '0x') await stateManager.putCode(address, hexToBytes(code))
    for (const [key, value] of Object.entries(storage)) {
      const bytes = (of: string) => hexToBytes(`0x${BigInt(of).toString(16).padStart(64, '0')}`)
      await stateManager.putStorage(address, bytes(key), bytes(value).subarray(31))
    }
  }
  return createVM({ common, stateManager })
}

function commonOf(network: string): Common {
  const { chain } = rulesOfNetwork(network)
  return new Common({ chain, hardfork: chain.hardforks.at(-1)!.name })
}

interface StateCase {
  code: Hex
  forks: string[]
  to: Hex | ''
  value: Hex
  data: Hex
  nonce?: Hex
  expectException?: string
}

const STATE_CASES: Record<string, StateCase> = {
  storeAndLog: {
    code: STORE_AND_LOG,
    forks: [
      'Frontier',
      'Homestead',
      'EIP150',
      'EIP158',
      'Byzantium',
      'Istanbul',
      'Berlin',
      'London',
      'Shanghai',
      'Osaka',
    ],
    to: CONTRACT,
    value: '0x05',
    data: '0xabcdef',
  },
  createInside: {
    code: CREATOR,
    forks: ['Homestead', 'ConstantinopleFix', 'Osaka'],
    to: CONTRACT,
    value: '0x',
    data: '0x',
  },
  createByTransaction: {
    code: '0x',
    forks: ['Frontier', 'Cancun'],
    to: '',
    value: '0x09',
    data: '0x60fe60005360016000f3',
  },
  selfDestruct: {
    code: DESTROY,
    forks: ['Frontier', 'Berlin', 'Shanghai', 'Cancun'],
    to: CONTRACT,
    value: '0x01',
    data: '0x',
  },
  nonceTooLow: {
    code: DESTROY,
    forks: ['Byzantium', 'Prague'],
    to: CONTRACT,
    value: '0x01',
    data: '0x',
    nonce: '0x00',
    expectException: 'TransactionException.NONCE_MISMATCH_TOO_LOW',
  },
}

async function stateTest(each: StateCase): Promise<StateTest> {
  const post: StateTest['post'] = {}
  const pre = preOf(each.code)
  const env: StateTest['env'] = {
    currentCoinbase: COINBASE,
    currentDifficulty: '0x020000',
    currentRandom: `0x${'0'.repeat(59)}20000`,
    currentGasLimit: '0x01c9c380',
    currentNumber: '0x01',
    currentTimestamp: '0x03e8',
    currentBaseFee: '0x07',
    currentExcessBlobGas: '0x00',
  }
  const { nonce = '0x01', to, value, data } = each
  for (const fork of each.forks) {
    const common = commonOf(fork)
    const vm = await vmOf(pre, common)
    const pos = common.gteHardfork('paris')
    const block = createBlock(
      {
        header: {
          number: 1,
          timestamp: env.currentTimestamp!,
          gasLimit: env.currentGasLimit!,
          coinbase: createAddressFromString(COINBASE),
          ...(common.isActivatedEIP(1559) && { baseFeePerGas: env.currentBaseFee! }),
          ...(pos ? { mixHash: env.currentRandom! } : { difficulty: env.currentDifficulty! }),
        },
      },
      { common, skipConsensusFormatValidation: true },
    )
    const tx = createTx(
      { nonce, gasPrice: 10, gasLimit: 200_000, value, data, ...(to !== '' && { to }) },
      { common },
    ).sign(KEY)
    let logs: unknown[] = []
    if (each.expectException === undefined) logs = (await runTx(vm, { tx, block })).execResult.logs ?? []
    post[fork] = [
      {
        hash: bytesToHex(await vm.stateManager.getStateRoot()),
        logs: bytesToHex(keccak_256(RLP.encode(logs as never))),
        txbytes: bytesToHex(tx.serialize()),
        indexes: { data: 0, gas: 0, value: 0 },
        ...(each.expectException !== undefined && { expectException: each.expectException }),
      },
    ]
  }
  const transaction = {
    nonce,
    gasPrice: '0x0a',
    gasLimit: ['0x030d40'],
    to,
    value: [value],
    data: [data],
    sender: SENDER,
  }
  return { env, pre, transaction: transaction as StateTest['transaction'], post, config: { chainid: '0x01' } }
}

/** Two blocks of two transactions, the second after an invalid one in its place. */
async function blockTest(network: string): Promise<BlockTest> {
  const { chain } = rulesOfNetwork(network)
  const scheduled = (number: bigint, timestamp: bigint): Common => {
    const common = new Common({ chain })
    common.setHardforkBy({ blockNumber: number, timestamp })
    return common
  }
  const pre = preOf(STORE_AND_LOG)
  const genesisCommon = scheduled(0n, 0n)
  const genesisRoot = await (await vmOf(pre, genesisCommon)).stateManager.getStateRoot()
  const genesis = createBlock(
    {
      header: {
        number: 0,
        gasLimit: 30_000_000,
        stateRoot: genesisRoot,
        ...(!genesisCommon.gteHardfork('paris') && { difficulty: 131072 }),
      },
    },
    { common: genesisCommon, skipConsensusFormatValidation: true },
  )
  const blocks: TestBlock[] = []
  const states: TestState = structuredClone(pre)
  let parent: Block = genesis
  let vm = await vmOf(pre, genesisCommon)
  for (const number of [1n, 2n]) {
    const timestamp = number * 14_999n
    const common = scheduled(number, timestamp)
    vm = await createVM({ common, stateManager: Object.assign(vm.stateManager, { common }) })
    const block = await built(vm, common, parent, number, timestamp)
    if (number === 2n) {
      const header = { ...block.header.toJSON(), stateRoot: genesisRoot } as never
      const wrong = createBlock({ ...block, header } as never, { common, skipConsensusFormatValidation: true })
      blocks.push({ rlp: bytesToHex(wrong.serialize()), expectException: 'BlockException.INVALID_STATE_ROOT' })
    }
    blocks.push({ rlp: bytesToHex(block.serialize()) })
    parent = block
  }
  for (const hex of [SENDER, CONTRACT, COINBASE, BENEFICIARY] as Hex[]) {
    const address = createAddressFromString(hex)
    const account = await vm.stateManager.getAccount(address)
    if (account === undefined) continue
    const code = bytesToHex(await vm.stateManager.getCode(address))
    const storage: TestState[Hex]['storage'] = {}
    for (const key of [1n, 14_999n, 29_998n]) {
      const slot: Hex = `0x${key.toString(16).padStart(64, '0')}`
      const value = await vm.stateManager.getStorage(address, hexToBytes(slot))
      if (value.length > 0) storage[slot] = bytesToHex(value)
    }
    states[hex] = {
      nonce: `0x${account.nonce.toString(16)}`,
      balance: `0x${account.balance.toString(16)}`,
      code,
      storage,
    }
  }
  return {
    network,
    pre,
    genesisRLP: bytesToHex(genesis.serialize()),
    genesisBlockHeader: { hash: bytesToHex(genesis.hash()), stateRoot: bytesToHex(genesisRoot) },
    blocks,
    lastblockhash: bytesToHex(parent.hash()),
    postState: states,
  }
}

async function built(vm: VM, common: Common, parentBlock: Block, number: bigint, timestamp: bigint): Promise<Block> {
  const pos = common.gteHardfork('paris')
  const builder = await buildBlock(vm, {
    parentBlock,
    headerData: {
      number,
      timestamp,
      gasLimit: 30_000_000,
      coinbase: createAddressFromString(COINBASE),
      ...(common.isActivatedEIP(1559) && { baseFeePerGas: baseFee(parentBlock, common) }),
      ...(common.isActivatedEIP(4844) && { excessBlobGas: 0n, parentBeaconBlockRoot: new Uint8Array(32).fill(7) }),
    },
    ...(common.isActivatedEIP(4895) && {
      withdrawals: [createWithdrawal({ index: number, validatorIndex: 3, address: BENEFICIARY, amount: 5 })],
    }),
    blockOpts: {
      common,
      putBlockIntoBlockchain: false,
      skipConsensusFormatValidation: true,
      ...(!pos && { calcDifficultyFromHeader: parentBlock.header }),
    },
  })
  for (const index of [0n, 1n]) {
    const data: TypedTxData = {
      nonce: 2n * number - 1n + index,
      gasPrice: 2_000_000_000,
      gasLimit: 200_000,
      to: index === 0n ? CONTRACT : COINBASE,
      value: number,
      data: index === 0n ? '0x1234' : '0x',
    }
    await builder.addTransaction(createTx(data, { common }).sign(KEY))
  }
  return (await builder.build()).block
}

function baseFee({ header }: Block, common: Common): bigint {
  return header.baseFeePerGas === undefined ? common.param('initialBaseFee') : header.calcNextBaseFee()
}

function write(file: string, tests: unknown): void {
  const path = join(OUT, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${JSON.stringify(tests, null, 2)}\n`)
}

const stateTests: Record<string, StateTest> = {}
for (const [name, each] of Object.entries(STATE_CASES)) stateTests[name] = await stateTest(each)
write('state/basics.json', stateTests)

const blockTests: Record<string, BlockTest> = {}
for (const network of ['Frontier', 'Byzantium', 'London', 'Paris', 'Shanghai', 'ShanghaiToCancunAtTime15k']) {
  blockTests[`twoBlocks_${network}`] = await blockTest(network)
}
write('blocks/basics.json', blockTests)
