// A header as the executor has it: the fields of its bytes, under the names that @ethereumjs/block gives them, whose headers
// can therefore be given in its place. That package takes longer to load than a block to execute.
// Decision 32 (docs/adr/0032-a-process-starts-with-its-first-block.md).
import { type Common, Hardfork } from '@ethereumjs/common'
import { hexToBytes } from '@ethereumjs/util'
import { sameBytes, toBigInt } from '../bytes.js'
import type { DecodedHeader } from './decode.js'
import { InvalidBlockError } from './errors.js'
import { formatOf } from './format.js'

/** Amounts in wei, gas, seconds; what a hardfork lacks is undefined. */
export interface Header {
  /** Rules of its hardfork. */
  readonly common: Common
  readonly parentHash: Uint8Array
  readonly uncleHash: Uint8Array
  readonly coinbase: { readonly bytes: Uint8Array }
  readonly stateRoot: Uint8Array
  readonly transactionsTrie: Uint8Array
  readonly receiptTrie: Uint8Array
  readonly logsBloom: Uint8Array
  readonly difficulty: bigint
  readonly number: bigint
  readonly gasLimit: bigint
  readonly gasUsed: bigint
  readonly timestamp: bigint
  readonly extraData: Uint8Array
  readonly mixHash: Uint8Array
  readonly nonce: Uint8Array
  /** EIP-1559. */
  readonly baseFeePerGas?: bigint | undefined
  /** EIP-4895. */
  readonly withdrawalsRoot?: Uint8Array | undefined
  /** EIP-4844, as the next one. */
  readonly blobGasUsed?: bigint | undefined
  readonly excessBlobGas?: bigint | undefined
  /** EIP-4788. */
  readonly parentBeaconBlockRoot?: Uint8Array | undefined
  /** EIP-7685. */
  readonly requestsHash?: Uint8Array | undefined
  /** EIP-7928. */
  readonly blockAccessListHash?: Uint8Array | undefined
  /** EIP-7843. */
  readonly slotNumber?: bigint | undefined
}

/** What @ethereumjs calls a field otherwise than the format. */
const NAMES: Readonly<Record<string, keyof Header>> = {
  ommersHash: 'uncleHash',
  transactionsRoot: 'transactionsTrie',
  receiptsRoot: 'receiptTrie',
}

/**
 * A header under the rules of its hardfork that concern it alone, as far as they tell whether it is one (gas used at most gas
 * limit, base fee of the first block of London, extra data of the DAO fork).
 *
 * @throws InvalidBlockError INVALID_HEADER
 */
export function headerOf({ fields, common }: DecodedHeader): Header {
  const values: Partial<Record<keyof Header, unknown>> = { common }
  for (const [index, { name, format }] of formatOf(common).header.fields.entries()) {
    const bytes = fields[index] as Uint8Array
    values[NAMES[name] ?? (name as keyof Header)] = format.kind === 'integer' ? toBigInt(bytes) : bytes
  }
  const header = { ...values, coinbase: { bytes: values.coinbase } } as Header
  requireProper(header)
  return header
}

function requireProper(header: Header): void {
  const { common, number, gasUsed, gasLimit } = header
  if (gasUsed > gasLimit) refuse(header, `${gasUsed} gas is used, the limit is ${gasLimit}`)
  if (common.isActivatedEIP(1559) && isFirstOf(Hardfork.London, header) && number !== 0n) {
    const initial = common.param('initialBaseFee')
    if (header.baseFeePerGas !== initial) {
      refuse(header, `base fee ${header.baseFeePerGas} of the first block of London, it must be ${initial}`)
    }
  }
  if (!hasDaoData(header)) refuse(header, "extra data of the first ten blocks of the DAO fork is 'dao-hard-fork'")
}

/** Whether the hardfork begins with this block. */
export function isFirstOf(hardfork: Hardfork, { common, number }: Pick<Header, 'common' | 'number'>): boolean {
  return common.hardforkBlock(hardfork) === number
}

/** EIP-779 and the blocks after it. */
const DAO_DATA = hexToBytes('0x64616f2d686172642d666f726b')
const DAO_BLOCKS = 10n

function hasDaoData({ common, number, extraData }: Header): boolean {
  const first = common.hardforkBlock(Hardfork.Dao)
  // A chain that begins under these rules has not forked.
  if (first === null || first === 0n || number < first || number >= first + DAO_BLOCKS) return true
  return sameBytes(extraData, DAO_DATA)
}

function refuse({ number, common }: Header, problem: string): never {
  throw new InvalidBlockError('INVALID_HEADER', `header of block ${number} (${common.hardfork()}): ${problem}`)
}
