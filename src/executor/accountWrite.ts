/** What an account is to be. Fields that are absent stay as they are. */
export interface AccountWrite {
  address: Uint8Array
  /** False: the account is removed, with its storage. */
  exists: boolean
  nonce?: bigint
  /** wei. */
  balance?: bigint
  /** Of a code that the executor has. */
  codeHash?: Uint8Array
  code?: Uint8Array
  /** Its storage is empty but for `slots`. */
  clears: boolean
  /** Keys and values, 32 bytes each. */
  slots: readonly (readonly [key: Uint8Array, value: Uint8Array])[]
}
