// What BlockExecutor takes: checked once, when it is called (see src/door). What is kept is copied.
import type { Common } from '@ethereumjs/common'
import { address, bytes, copied, quantity, rlp } from '../door/bytes.js'
import { duck, flag, integer, oneOf, that } from '../door/choices.js'
import { list, optional, type Parsed, packed, pairs, record } from '../door/compounds.js'
import type { Shape } from '../door/shape.js'
import { SOURCE } from '../sources/inputs.js'
import type { EngineName } from '../types.js'
import type { BlockExecutorOptions, ChainName, ExecuteOptions, ExecutionMode, VerifyMode } from './options.js'

export const MAX_THREADS = 63
/** Bytes: what a shared memory starts with, and what 32-bit addresses reach. */
const [MIN_MEMORY, MAX_MEMORY] = [2 ** 20, 2 ** 32]

/** The URL constructor takes what can be imported from a worker; a relative path would be relative to this package. */
function isModule(value: unknown): value is string | URL {
  if (typeof value === 'string') return value.startsWith('/') || URL.canParse(value)
  return typeof value === 'object' && value !== null && URL.canParse(String((value as Partial<URL>).href))
}

const isName = (value: unknown): value is string => typeof value === 'string' && value !== ''

const CREATE_FIELDS = {
  common: optional(duck<Common>('a Common of @ethereumjs/common', ['hardfork', 'hardforks', 'eips', 'param'])),
  chain: optional(oneOf<ChainName>('mainnet', 'sepolia', 'holesky', 'hoodi')),
  hardfork: optional(that("'schedule' or the name of a hardfork", isName)),
  state: SOURCE,
  engine: optional(oneOf<EngineName>('wasm', 'ethereumjs')),
  fallback: optional(flag),
  threads: optional(integer(1, MAX_THREADS)),
  verify: optional(oneOf<VerifyMode>('none', 'header', 'sequential', 'ethereumjs')),
  maxMemory: optional(integer(MIN_MEMORY, MAX_MEMORY, ' (bytes)')),
  workerSetup: optional(that('a URL or an absolute path', isModule)),
} satisfies Record<keyof BlockExecutorOptions, Shape<unknown>>

export const CREATE_OPTIONS = record("an object with the executor's options", 'option', CREATE_FIELDS)
export type CheckedCreateOptions = Parsed<typeof CREATE_FIELDS>

const EXECUTE_FIELDS = {
  /** One after another, 20 bytes each: most blocks have many. */
  senders: optional(packed('addresses', address)),
  parentHeaders: optional(list('headers', copied(rlp('the RLP of a header')))),
  blockHashes: optional(pairs('a block number and its hash', quantity(64), copied(bytes(32)))),
  mode: optional(oneOf<ExecutionMode>('auto', 'parallel', 'sequential')),
  root: optional(flag),
  advance: optional(flag),
} satisfies Record<keyof ExecuteOptions, Shape<unknown>>

export const EXECUTE_OPTIONS = record("an object with the block's options", 'option', EXECUTE_FIELDS)
export type CheckedExecuteOptions = Parsed<typeof EXECUTE_FIELDS>

export const BLOCK = copied(rlp('the RLP of a block, or a Block of @ethereumjs/block'))
