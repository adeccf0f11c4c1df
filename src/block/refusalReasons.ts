import type { RefusalReason } from '../abi/outcome.js'

/** @ethereumjs tells which rule a transaction breaks in words only. */
const WORDS: [pattern: RegExp, rule: RefusalReason][] = [
  [/INTRINSIC_GAS_TOO_LOW/, 'INTRINSIC_GAS_TOO_LOW'],
  [/less than the block's baseFeePerGas|Tx cannot pay baseFee/, 'FEE_CAP_BELOW_BASE_FEE'],
  [/EIP-3607/, 'SENDER_HAS_CODE'],
  [/doesn't have enough funds/, 'INSUFFICIENT_FUNDS'],
  [/correct nonce/, 'NONCE_MISMATCH'],
  [/maxFeePerBlobGas .*less than/, 'BLOB_FEE_CAP_TOO_LOW'],
  [
    /is not activated|not enabled on Common|only valid with EIP|TypedTransaction with ID/,
    'TRANSACTION_TYPE_NOT_ACTIVE',
  ],
  [/EIP-7825/, 'TRANSACTION_GAS_LIMIT_TOO_HIGH'],
  [/initcode/, 'INIT_CODE_TOO_LARGE'],
]

export function ruleOf(message: string, fallback: RefusalReason = 'INVALID_TRANSACTION'): RefusalReason {
  for (const [pattern, rule] of WORDS) if (pattern.test(message)) return rule
  return fallback
}
