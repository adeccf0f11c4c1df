// A chain's beginning as go-ethereum writes it: genesis.json.
import { type ChainConfig, Common, Hardfork, parseGethGenesis } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { bigIntToUnpaddedBytes, hexToBytes, KECCAK256_RLP, KECCAK256_RLP_ARRAY, SHA256_NULL } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { ChainCommons, rulesOf } from '../block/common.js'
import { type Format, formatOf } from '../block/format.js'
import { hex } from '../bytes.js'
import { that } from '../door/choices.js'
import { check } from '../door/shape.js'
import { messageOf } from '../errors.js'
import { InvalidStateError, invalidState, type MemoryAccount } from '../sources/inputs.js'
import { type FirstState, startWith } from './firstState.js'
import type { Head } from './meta.js'

/** An account of a genesis: numbers as 0x-prefixed digits or decimal ones. */
export interface GenesisAccount {
  /** wei. */
  balance: string
  /** Left out: 0. */
  nonce?: string
  /** Left out: none. */
  code?: string
  /** Keys and values, 0x-prefixed. */
  storage?: Readonly<Record<string, string>>
}

/** A genesis in geth's format, as JSON.parse gives it. */
export interface GenesisJson {
  /** Rules of the chain: `chainId`, and the blocks and times of its forks. */
  config: Readonly<Record<string, unknown>>
  /** Accounts by address, with or without 0x. */
  alloc: Readonly<Record<string, GenesisAccount>>
  /** Fields of the header. */
  [field: string]: unknown
}

export const GENESIS = that(
  'a genesis of geth, parsed',
  (value): value is GenesisJson => typeof value === 'object' && value !== null && 'alloc' in value && 'config' in value,
)

/** Times of forks that a genesis may name: those that the library reads, and the one that it does not read yet. */
const AMSTERDAM_TIME = 'amsterdamTime'
const FORK_TIMES = new Set([
  ...['shanghaiTime', 'cancunTime', 'pragueTime', 'osakaTime', AMSTERDAM_TIME],
  ...['bpo1Time', 'bpo2Time', 'bpo3Time', 'bpo4Time', 'bpo5Time'],
])

/** The rules of the chain of a genesis. @throws InvalidStateError, also for a fork that is not known */
export function genesisCommon(genesis: GenesisJson): Common {
  check(GENESIS, genesis, 'genesis', invalidState)
  for (const [field, time] of Object.entries(genesis.config)) {
    if (typeof time === 'number' && field.endsWith('Time') && !FORK_TIMES.has(field)) {
      throw new InvalidStateError(
        `genesis.config.${field}`,
        'a fork that is not known: the rules would be wrong after it',
      )
    }
  }
  try {
    const defaults = {
      nonce: '0x0',
      timestamp: '0x0',
      extraData: '0x',
      difficulty: '0x0',
      coinbase: `0x${'00'.repeat(20)}`,
    }
    const params = parseGethGenesis({ ...defaults, name: 'genesis', ...genesis } as never)
    const amsterdam = genesis.config[AMSTERDAM_TIME]
    if (typeof amsterdam === 'number') {
      const timestamp = amsterdam === Number(genesis.timestamp ?? 0) ? 0 : amsterdam
      params.hardforks.push({ name: Hardfork.Amsterdam, block: null, timestamp })
      params.hardfork = Hardfork.Amsterdam
      Object.assign(params.genesis, genesis.slotNumber !== undefined && { slotNumber: genesis.slotNumber })
    }
    return new Common({ chain: params as unknown as ChainConfig, hardfork: params.hardfork as string })
  } catch (cause) {
    throw new InvalidStateError('genesis', `it is no genesis of geth: ${messageOf(cause)}`, { cause })
  }
}

/** The state of block 0. @throws InvalidStateError */
export function genesisStart(genesis: GenesisJson): FirstState {
  const common = genesisCommon(genesis)
  const accounts = Object.entries(genesis.alloc).map(([address, account]) => accountOf(address, account))
  const identity = JSON.stringify([hex(genesisHeader(common, new Uint8Array(32))), accounts.map(identityOf).sort()])
  const chain = `${common.chainId()} ${hex(keccak_256(Buffer.from(identity)))}`
  return startWith(chain, accounts, [], (stateRoot) => headOf(common, stateRoot))
}

function accountOf(
  address: string,
  { balance, nonce = '0x0', code = '0x', storage = {} }: GenesisAccount,
): MemoryAccount {
  return {
    address: hexToBytes(address.startsWith('0x') ? (address as `0x${string}`) : `0x${address}`),
    balance: BigInt(balance === '' ? '0x0' : balance),
    nonce: BigInt(nonce === '' ? '0x0' : nonce),
    code: hexToBytes((code === '' ? '0x' : code) as `0x${string}`),
    storage: new Map(Object.entries(storage)) as Map<never, never>,
  }
}

function identityOf({ address, balance, nonce, code, storage }: MemoryAccount): string {
  const slots = [...(storage as Map<string, string>)].map(([key, value]) => `${BigInt(key)}:${BigInt(value)}`).sort()
  return JSON.stringify([hex(address as Uint8Array), `${balance}`, `${nonce}`, hex(code as Uint8Array), slots])
}

function headOf(common: Common, stateRoot: Uint8Array): Head {
  return { number: 0n, hash: keccak_256(genesisHeader(common, stateRoot)), stateRoot }
}

/** RLP of the header of block 0. @throws InvalidStateError */
export function genesisHeader(common: Common, stateRoot: Uint8Array): Uint8Array {
  const genesis = common.genesis()
  const rules = new ChainCommons(rulesOf(common)).at(0n, BigInt(genesis.timestamp ?? 0))
  const given: Readonly<Record<string, unknown>> = { ...emptyBlock(rules), ...defined(genesis), stateRoot }
  return RLP.encode(formatOf(rules).header.fields.map(({ name, format }) => fieldOf(name, format, given[name])))
}

/** What @ethereumjs has for fields that a genesis leaves out, where that is not zero. */
function emptyBlock(common: Common): Record<string, unknown> {
  return {
    gasLimit: 2n ** 56n - 1n,
    ommersHash: KECCAK256_RLP_ARRAY,
    transactionsRoot: KECCAK256_RLP,
    receiptsRoot: KECCAK256_RLP,
    withdrawalsRoot: KECCAK256_RLP,
    requestsHash: SHA256_NULL,
    blockAccessListHash: KECCAK256_RLP_ARRAY,
    ...(common.isActivatedEIP(1559) && {
      baseFeePerGas: common.hardforkBlock(Hardfork.London) === 0n ? common.param('initialBaseFee') : 7n,
    }),
  }
}

function defined(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null))
}

/** Bytes, or a number in hexadecimal digits. */
function fieldOf(
  name: string,
  format: Format,
  value: unknown = format.kind === 'integer' ? 0n : undefined,
): Uint8Array {
  if (format.kind === 'integer') return bigIntToUnpaddedBytes(BigInt(value as bigint | string))
  const length = format.kind === 'bytes' ? format.length : undefined
  const bytes = typeof value === 'string' ? hexToBytes(value as `0x${string}`) : value
  if (bytes === undefined) return new Uint8Array(length ?? 0)
  if (length !== undefined && (bytes as Uint8Array).length !== length) {
    throw new InvalidStateError(`genesis.${name}`, `${(bytes as Uint8Array).length} bytes; ${length} are wanted`)
  }
  return bytes as Uint8Array
}
