// What BlockExecutor.build takes: checked once, when it is called (see src/door).
import { address, anyBytes, copied, quantity, rlp, word } from '../../door/bytes.js'
import { flag, that } from '../../door/choices.js'
import { list, optional, type Parsed, record } from '../../door/compounds.js'
import type { Shape } from '../../door/shape.js'
import { BLOCK_HASHES } from '../optionShapes.js'
import type { BuildOptions, WithdrawalLike } from './types.js'

const WITHDRAWAL_FIELDS = {
  index: quantity(64),
  validatorIndex: quantity(64),
  address: copied(address),
  amount: quantity(64),
} satisfies Record<keyof WithdrawalLike, Shape<unknown>>

export type CheckedWithdrawal = Parsed<typeof WITHDRAWAL_FIELDS>

const BUILD_FIELDS = {
  parent: optional(copied(rlp('the RLP of a header'))),
  inPlaceOf: optional(copied(rlp('the RLP of a header'))),
  timestamp: quantity(64),
  feeRecipient: optional(copied(address)),
  gasLimit: optional(quantity(63)),
  prevRandao: optional(word),
  extraData: optional(copied(anyBytes('at most 32 bytes', 32))),
  withdrawals: optional(list('withdrawals', record('a withdrawal', 'property', WITHDRAWAL_FIELDS))),
  parentBeaconBlockRoot: optional(word),
  slotNumber: optional(quantity(64)),
  difficulty: optional(quantity(256)),
  blockHashes: optional(BLOCK_HASHES),
  order: optional(
    that('a function', (value): value is NonNullable<BuildOptions['order']> => typeof value === 'function'),
  ),
  deadline: optional(
    that('milliseconds, from 0 on', (value): value is number => typeof value === 'number' && value >= 0),
  ),
  signal: optional(that('an AbortSignal', (value): value is AbortSignal => value instanceof AbortSignal)),
  keep: optional(flag),
  root: optional(flag),
} satisfies Record<keyof BuildOptions, Shape<unknown>>

export const BUILD_OPTIONS = record("an object with the block's options", 'option', BUILD_FIELDS)
export type CheckedBuildOptions = Parsed<typeof BUILD_FIELDS>

export const TRANSACTION = rlp('the EIP-2718 bytes of a transaction, or one of @ethereumjs/tx')
