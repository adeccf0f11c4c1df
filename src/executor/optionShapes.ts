// What BlockExecutor takes: checked once, when it is called (see src/door). What is kept is copied.
import type { Common } from '@ethereumjs/common'
import { address, anyBytes, bytes, copied, quantity, rlp } from '../door/bytes.js'
import { duck, flag, integer, oneOf, that } from '../door/choices.js'
import { list, optional, type Parsed, packed, pairs, record } from '../door/compounds.js'
import { check, type Shape } from '../door/shape.js'
import { SOURCE } from '../sources/inputs.js'
import type { EngineName } from '../types.js'
import { invalidOptions } from './errors.js'
import type {
  BlockExecutorOptions,
  BlockWithOptions,
  ChainName,
  ExecuteAllOptions,
  ExecuteOptions,
  ExecutionMode,
  VerifyMode,
} from './options.js'

export const MAX_THREADS = 63
/** Bytes: what a shared memory starts with, and what 32-bit addresses reach. */
const [MIN_MEMORY, MAX_MEMORY] = [2 ** 20, 2 ** 32]

type FindBlockHash = NonNullable<ExecuteOptions['findBlockHash']>

/** The URL constructor takes what can be imported from a worker; a relative path would be relative to this package. */
function isModule(value: unknown): value is string | URL {
  if (typeof value === 'string') return value.startsWith('/') || URL.canParse(value)
  return typeof value === 'object' && value !== null && URL.canParse(String((value as Partial<URL>).href))
}

const isName = (value: unknown): value is string => typeof value === 'string' && value !== ''

const VERIFY = oneOf<VerifyMode>('none', 'result', 'header', 'sequential', 'ethereumjs')

const CREATE_FIELDS = {
  common: optional(duck<Common>('a Common of @ethereumjs/common', ['hardfork', 'hardforks', 'eips', 'param'])),
  chain: optional(oneOf<ChainName>('mainnet', 'sepolia', 'holesky', 'hoodi')),
  hardfork: optional(that("'schedule' or the name of a hardfork", isName)),
  state: SOURCE,
  engine: optional(oneOf<EngineName>('wasm', 'ethereumjs')),
  fallback: optional(flag),
  threads: optional(integer(1, MAX_THREADS)),
  verify: optional(VERIFY),
  maxMemory: optional(integer(MIN_MEMORY, MAX_MEMORY, ' (bytes)')),
  timeline: optional(flag),
  workerSetup: optional(that('a URL or an absolute path', isModule)),
} satisfies Record<keyof BlockExecutorOptions, Shape<unknown>>

export const CREATE_OPTIONS = record("an object with the executor's options", 'option', CREATE_FIELDS)
export type CheckedCreateOptions = Parsed<typeof CREATE_FIELDS>

export const BLOCK = copied(rlp('the RLP of a block, or a Block of @ethereumjs/block'))

export const BLOCK_HASHES = pairs('a block number and its hash', quantity(64), copied(bytes(32)))

export const BLOCK_FIELDS = {
  /** One after another, 20 bytes each: most blocks have many. */
  senders: optional(packed('addresses', address)),
  parentHeaders: optional(list('headers', copied(rlp('the RLP of a header')))),
  blockHashes: optional(BLOCK_HASHES),
  blockAccessList: optional(copied(anyBytes('the RLP of an access list'))),
}

const EXECUTE_ALL_FIELDS = {
  mode: optional(oneOf<ExecutionMode>('auto', 'parallel', 'sequential')),
  root: optional(flag),
  accessList: optional(flag),
  outputs: optional(flag),
} satisfies Record<keyof ExecuteAllOptions, Shape<unknown>>

const EXECUTE_FIELDS = {
  ...BLOCK_FIELDS,
  ...EXECUTE_ALL_FIELDS,
  advance: optional(flag),
  verify: optional(VERIFY),
  generate: optional(flag),
  witness: optional(flag),
  findBlockHash: optional(that('a function', (value): value is FindBlockHash => typeof value === 'function')),
} satisfies Record<keyof ExecuteOptions, Shape<unknown>>

export const EXECUTE_OPTIONS = record("an object with the block's options", 'option', EXECUTE_FIELDS)
export type CheckedExecuteOptions = Parsed<typeof EXECUTE_FIELDS>

const BLOCK_WITH_OPTIONS_FIELDS = { block: BLOCK, ...BLOCK_FIELDS } satisfies Record<
  keyof BlockWithOptions,
  Shape<unknown>
>
export const BLOCK_WITH_OPTIONS = record('a block with its options', 'option', BLOCK_WITH_OPTIONS_FIELDS)
export const EXECUTE_ALL_OPTIONS = record('an object with options for all blocks', 'option', EXECUTE_ALL_FIELDS)

export const BLOCK_COUNT = integer(0, Number.MAX_SAFE_INTEGER)

/** Anything that can be iterated, strings and byte strings aside. */
export const BLOCKS = that(
  'an array or another iterable, asynchronous or not, of blocks',
  (value): value is AsyncIterable<unknown> | Iterable<unknown> =>
    typeof value === 'object' &&
    value !== null &&
    !ArrayBuffer.isView(value) &&
    (Symbol.asyncIterator in value || Symbol.iterator in value),
)

/** An item of executeAll: a block, or a block with its options. @throws InvalidInputError, InvalidOptionsError */
export function checkItem(
  item: unknown,
  all: Parsed<typeof EXECUTE_ALL_FIELDS>,
  index: number,
): { bytes: Uint8Array; options: CheckedExecuteOptions } {
  const name = `blocks[${index}]`
  if (!hasOptions(item)) return { bytes: check(BLOCK, item, name), options: all }
  const { block, ...own } = check(BLOCK_WITH_OPTIONS, item, name, invalidOptions)
  return { bytes: block, options: { ...all, ...own } }
}

/** A Block has no property of this name. */
function hasOptions(item: unknown): item is { block: unknown } {
  return typeof item === 'object' && item !== null && 'block' in item
}
