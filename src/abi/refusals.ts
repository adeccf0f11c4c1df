import { Refusal } from './core.generated.js'

/** What the core means by a refusal: its outcomes carry the number instead of a message. */
const TEXTS: Readonly<Record<keyof typeof Refusal, string>> = {
  TYPE_NOT_SUPPORTED: 'the hardfork does not have this type of transaction',
  WRONG_CHAIN: 'it is signed for another chain',
  GAS_LIMIT_ABOVE_BLOCK: 'its gas limit exceeds that of the block',
  GAS_LIMIT_ABOVE_CAP: 'its gas limit exceeds that of a transaction (EIP-7825)',
  INTRINSIC_GAS_TOO_LOW: 'its gas limit is below its intrinsic gas',
  FLOOR_GAS_TOO_LOW: 'its gas limit is below the floor for its calldata (EIP-7623)',
  FEE_BELOW_BASE_FEE: "its fee per gas is below the block's base fee",
  PRIORITY_ABOVE_MAX_FEE: 'its priority fee exceeds its maximum fee (EIP-1559)',
  NONCE_IS_MAX: 'its nonce is the highest there is (EIP-2681)',
  NONCE_TOO_LOW: "its nonce is below that of the sender's account",
  NONCE_TOO_HIGH: "its nonce is above that of the sender's account",
  SENDER_NOT_EOA: 'its sender is a contract (EIP-3607)',
  INSUFFICIENT_FUNDS: 'its sender cannot pay for gas, value and blobs',
  TX_INIT_CODE_TOO_LONG: 'its init code is too long (EIP-3860)',
  NO_BLOBS: 'it has no blobs (EIP-4844)',
  TOO_MANY_BLOBS: 'it has more blobs than allowed',
  BLOB_HASH_VERSION: 'a blob hash has an unknown version (EIP-4844)',
  BLOB_FEE_TOO_LOW: "its blob fee is below the block's (EIP-4844)",
  BLOB_TX_CREATES: 'a transaction with blobs cannot create a contract',
  NO_AUTHORISATIONS: 'it has no authorisations (EIP-7702)',
  SET_CODE_TX_CREATES: 'a transaction with authorisations cannot create a contract',
  MALFORMED_TRANSACTION: 'it does not decode, or its signature recovers to no address',
  SYSTEM_CONTRACT_ABSENT: 'there is no code at a system contract of EIP-7002 or EIP-7251',
  SYSTEM_CALL_FAILED: 'a system call of EIP-7002 or EIP-7251 failed',
  BLOCK_HASH_MISSING:
    'BLOCKHASH asked for an ancestor whose hash is not known: give it in blockHashes or parentHeaders',
  NO_GAS_LEFT: 'it may use more gas than is left in the block',
  NO_BLOBS_LEFT: 'it has more blobs than the block has room for (EIP-4844)',
  NO_BYTES_LEFT: 'it has more bytes than the block has room for (EIP-7934)',
  BLOCK_CLOSED: 'the block was closed before its turn came',
  PRECOMPILE_THREW: 'a custom precompiled contract threw',
}

/** The same by the number. */
export const REFUSAL_TEXTS: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(TEXTS).map(([name, text]) => [Refusal[name as keyof typeof Refusal], text]),
)
