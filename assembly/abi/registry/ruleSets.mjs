// The numbers that are still being moved, from Amsterdam on: one table for each rule set. The build makes offsets of the names
// (assembly/abi/ruleSet.ts) and lists of the values (src/abi/registry.generated.ts); the host writes the list of a block's rule set
// into its environment (blockEnv.ts), and the core reads it when a thread enters the block (assembly/evm/gas.ts).
//
// A rule set is the hardfork of a block: its name for @ethereumjs/common, what it is, and for one that is no hardfork of
// @ethereumjs its EIPs beyond those of the fork before.
//
//   name, what it is (gas, unless said otherwise), value for each rule set in their order

/** @typedef {[hardfork: string, text: string, eips?: number[]]} RuleSet */
/** @typedef {[name: string, text: string, values: number[]]} Parameter */

/** @type {RuleSet[]} */
export const RULE_SETS = [
  ['amsterdam', 'the EIPs as of July 2026 (go-ethereum 1.17.10)'],
  [
    'amsterdam@bal-5.7.0',
    'the official tests of release bal@v5.7.0, spring 2026',
    [7708, 7778, 7843, 7928, 7954, 7976, 7981, 8024, 8037],
  ],
]

/** @type {Parameter[]} */
export const PARAMETERS = [
  ['COLD_ACCOUNT', 'a cold account (EIP-8038)', [3000, 2600]],
  ['SECOND_READ', 'EXTCODESIZE and EXTCODECOPY, their second look at the state (EIP-8038)', [100, 0]],
  ['CALL_VALUE', 'a call with value (EIP-8038)', [11300, 9000]],
  ['CREATE', 'CREATE and CREATE2 (EIP-8037, EIP-8038)', [12000, 9000]],
  ['HEIR', 'SELFDESTRUCT whose beneficiary begins to exist (EIP-8038)', [9000, 0]],
  ['STORE_COLD', 'SSTORE to a cold slot, on top of the next two', [2000, 2100]],
  ['STORE_FIRST', 'SSTORE that changes a slot for the first time in the transaction', [10100, 2900]],
  ['STORE_OTHER', 'any other SSTORE', [100, 100]],
  ['STORE_CLEAR', 'refund for clearing a slot', [11616, 4800]],
  ['STORE_RESTORE', 'refund for giving a slot its first value back', [10000, 2800]],
  ['CODE_WORD', 'hashing a word of deployed code (EIP-8037)', [6, 6]],
  ['STATE_BYTE', 'state gas of a byte that stays, of code or as below (EIP-8037); 0: it follows the gas limit of the block', [1530, 0]],
  ['STATE_ACCOUNT', 'bytes of a new account', [120, 112]],
  ['STATE_SLOT', 'bytes of a new slot', [64, 32]],
  ['STATE_DELEGATION', 'bytes of a new delegation (EIP-7702)', [23, 23]],
  ['SYSTEM_STATE', 'bytes whose state gas a system call has', [16 * 64, 0]],
  ['TX_BASE', 'a transaction (EIP-2780)', [12000, 21000]],
  ['TX_RECIPIENT', 'its recipient, other than the sender', [3000, 0]],
  ['TX_VALUE', 'its value, unless to the sender', [6000, 0]],
  ['TX_CREATE', 'its creation', [12000, 9000]],
  ['TX_AUTHORISATION', 'each authorisation, whatever comes of it', [7816, 7500]],
  ['AUTHORITY_WRITE', 'the first change of an authority', [9000, 0]],
  ['LIST_ADDRESS', 'an address of an access list, its bytes included (EIP-7981)', [2900 + 1280, 2400 + 1280]],
  ['LIST_KEY', 'a key of an access list, its bytes included', [2000 + 2048, 1900 + 2048]],
  ['FLOOR_BYTE', 'the floor for a byte of data or of an access list (EIP-7976)', [64, 64]],
  ['TX_EXECUTION', 'most gas of a transaction that is not state gas (EIP-7825)', [1 << 24, 1 << 24]],
  ['TX_TOTAL', 'highest gas limit of a transaction (EIP-8037)', [2 ** 32 - 1, 2 ** 53 - 1]],
  ['MOST_CODE', 'longest code in bytes (EIP-7954)', [65536, 32768]],
  ['STATE_AT_RUN', '1: state gas of a transaction is charged when it runs (EIP-2780), 0: at its most beforehand', [1, 0]],
  ['STATE_AT_LOOK', '1: CREATE pays for its account once it was looked at, 0: beforehand', [1, 0]],
  ['STATE_REPAID', '1: state gas given back goes first to the gas it was taken from, 0: all into the reservoir', [1, 0]],
  ['CALL_REPAID', '1: a call that fails gives back what its new account cost', [1, 0]],
  ['KEEP_BALANCE', '1: SELFDESTRUCT burns nothing (EIP-8246), 0: burnt wei are logged, state gas of what goes is given back', [1, 0]],
]
