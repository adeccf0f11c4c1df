// Every opcode of the EVM: one row each. The build makes of it what the core and the host read (scripts/build-abi.mjs); a test
// holds the interpreter to it under every fork.
//
//   code, name (as geth's traces have it), operands taken, results left, base gas, rules that introduced it (forks.mjs)
//
// Base gas: what the opcode costs at least, before memory, words, topics, bytes of an exponent, cold access (EIP-2929), value and
// a callee's gas, and before state gas (EIP-8037). Where forks repriced it, the price by the fork that set it. An opcode with an immediate byte has one for which
// the operands and results hold.

/** @typedef {number | Record<string, number>} Gas */
/** @typedef {[code: number, name: string, pops: number, pushes: number, gas: Gas, since?: string, immediate?: number]} Row */

const BALANCE = { FRONTIER: 20, TANGERINE_WHISTLE: 400, ISTANBUL: 700, BERLIN: 100 }
const EXTERNAL_CODE = { FRONTIER: 20, TANGERINE_WHISTLE: 700, BERLIN: 100, AMSTERDAM: 200 }
const CALL = { FRONTIER: 40, TANGERINE_WHISTLE: 700, BERLIN: 100 }

/** Opcodes that differ in one number. @param {number} first @param {number} count @param {(n: number) => Row} row */
const family = (first, count, row) => Array.from({ length: count }, (_, n) => row(first + n))

/** @type {Row[]} */
export const OPCODES = [
  [0x00, 'STOP', 0, 0, 0],
  [0x01, 'ADD', 2, 1, 3],
  [0x02, 'MUL', 2, 1, 5],
  [0x03, 'SUB', 2, 1, 3],
  [0x04, 'DIV', 2, 1, 5],
  [0x05, 'SDIV', 2, 1, 5],
  [0x06, 'MOD', 2, 1, 5],
  [0x07, 'SMOD', 2, 1, 5],
  [0x08, 'ADDMOD', 3, 1, 8],
  [0x09, 'MULMOD', 3, 1, 8],
  [0x0a, 'EXP', 2, 1, 10],
  [0x0b, 'SIGNEXTEND', 2, 1, 5],
  [0x10, 'LT', 2, 1, 3],
  [0x11, 'GT', 2, 1, 3],
  [0x12, 'SLT', 2, 1, 3],
  [0x13, 'SGT', 2, 1, 3],
  [0x14, 'EQ', 2, 1, 3],
  [0x15, 'ISZERO', 1, 1, 3],
  [0x16, 'AND', 2, 1, 3],
  [0x17, 'OR', 2, 1, 3],
  [0x18, 'XOR', 2, 1, 3],
  [0x19, 'NOT', 1, 1, 3],
  [0x1a, 'BYTE', 2, 1, 3],
  [0x1b, 'SHL', 2, 1, 3, 'CONSTANTINOPLE'], // EIP-145
  [0x1c, 'SHR', 2, 1, 3, 'CONSTANTINOPLE'],
  [0x1d, 'SAR', 2, 1, 3, 'CONSTANTINOPLE'],
  [0x1e, 'CLZ', 1, 1, 5, 'OSAKA'], // EIP-7939
  [0x20, 'KECCAK256', 2, 1, 30],
  [0x30, 'ADDRESS', 0, 1, 2],
  [0x31, 'BALANCE', 1, 1, BALANCE],
  [0x32, 'ORIGIN', 0, 1, 2],
  [0x33, 'CALLER', 0, 1, 2],
  [0x34, 'CALLVALUE', 0, 1, 2],
  [0x35, 'CALLDATALOAD', 1, 1, 3],
  [0x36, 'CALLDATASIZE', 0, 1, 2],
  [0x37, 'CALLDATACOPY', 3, 0, 3],
  [0x38, 'CODESIZE', 0, 1, 2],
  [0x39, 'CODECOPY', 3, 0, 3],
  [0x3a, 'GASPRICE', 0, 1, 2],
  [0x3b, 'EXTCODESIZE', 1, 1, EXTERNAL_CODE],
  [0x3c, 'EXTCODECOPY', 4, 0, EXTERNAL_CODE],
  [0x3d, 'RETURNDATASIZE', 0, 1, 2, 'BYZANTIUM'], // EIP-211
  [0x3e, 'RETURNDATACOPY', 3, 0, 3, 'BYZANTIUM'],
  [0x3f, 'EXTCODEHASH', 1, 1, { CONSTANTINOPLE: 400, ISTANBUL: 700, BERLIN: 100 }, 'CONSTANTINOPLE'], // EIP-1052
  [0x40, 'BLOCKHASH', 1, 1, 20],
  [0x41, 'COINBASE', 0, 1, 2],
  [0x42, 'TIMESTAMP', 0, 1, 2],
  [0x43, 'NUMBER', 0, 1, 2],
  [0x44, 'DIFFICULTY', 0, 1, 2], // PREVRANDAO from Paris on (EIP-4399)
  [0x45, 'GASLIMIT', 0, 1, 2],
  [0x46, 'CHAINID', 0, 1, 2, 'ISTANBUL'], // EIP-1344
  [0x47, 'SELFBALANCE', 0, 1, 5, 'ISTANBUL'], // EIP-1884
  [0x48, 'BASEFEE', 0, 1, 2, 'LONDON'], // EIP-3198
  [0x49, 'BLOBHASH', 1, 1, 3, 'CANCUN'], // EIP-4844
  [0x4a, 'BLOBBASEFEE', 0, 1, 2, 'CANCUN'], // EIP-7516
  [0x4b, 'SLOTNUM', 0, 1, 2, 'AMSTERDAM'], // EIP-7843
  [0x50, 'POP', 1, 0, 2],
  [0x51, 'MLOAD', 1, 1, 3],
  [0x52, 'MSTORE', 2, 0, 3],
  [0x53, 'MSTORE8', 2, 0, 3],
  [0x54, 'SLOAD', 1, 1, { FRONTIER: 50, TANGERINE_WHISTLE: 200, ISTANBUL: 800, BERLIN: 100 }],
  [0x55, 'SSTORE', 2, 0, { FRONTIER: 5000, CONSTANTINOPLE: 200, PETERSBURG: 5000, ISTANBUL: 800, BERLIN: 100 }],
  [0x56, 'JUMP', 1, 0, 8],
  [0x57, 'JUMPI', 2, 0, 10],
  [0x58, 'PC', 0, 1, 2],
  [0x59, 'MSIZE', 0, 1, 2],
  [0x5a, 'GAS', 0, 1, 2],
  [0x5b, 'JUMPDEST', 0, 0, 1],
  [0x5c, 'TLOAD', 1, 1, 100, 'CANCUN'], // EIP-1153
  [0x5d, 'TSTORE', 2, 0, 100, 'CANCUN'],
  [0x5e, 'MCOPY', 3, 0, 3, 'CANCUN'], // EIP-5656
  [0x5f, 'PUSH0', 0, 1, 2, 'SHANGHAI'], // EIP-3855
  ...family(0x60, 32, (code) => [code, `PUSH${code - 0x5f}`, 0, 1, 3]),
  ...family(0x80, 16, (code) => [code, `DUP${code - 0x7f}`, code - 0x7f, code - 0x7e, 3]),
  ...family(0x90, 16, (code) => [code, `SWAP${code - 0x8f}`, code - 0x8e, code - 0x8e, 3]),
  ...family(0xa0, 5, (code) => [code, `LOG${code - 0xa0}`, code - 0x9e, 0, 375 * (code - 0x9f)]),
  [0xe6, 'DUPN', 17, 18, 3, 'AMSTERDAM', 0x80], // EIP-8024
  [0xe7, 'SWAPN', 18, 18, 3, 'AMSTERDAM', 0x80],
  [0xe8, 'EXCHANGE', 3, 3, 3, 'AMSTERDAM', 0x8e],
  [0xf0, 'CREATE', 3, 1, { FRONTIER: 32000, AMSTERDAM: 12000 }],
  [0xf1, 'CALL', 7, 1, CALL],
  [0xf2, 'CALLCODE', 7, 1, CALL],
  [0xf3, 'RETURN', 2, 0, 0],
  [0xf4, 'DELEGATECALL', 6, 1, { HOMESTEAD: 40, TANGERINE_WHISTLE: 700, BERLIN: 100 }, 'HOMESTEAD'], // EIP-7
  [0xf5, 'CREATE2', 4, 1, { CONSTANTINOPLE: 32000, AMSTERDAM: 12000 }, 'CONSTANTINOPLE'], // EIP-1014
  [0xfa, 'STATICCALL', 6, 1, { BYZANTIUM: 700, BERLIN: 100 }, 'BYZANTIUM'], // EIP-214
  [0xfd, 'REVERT', 2, 0, 0, 'BYZANTIUM'], // EIP-140
  [0xfe, 'INVALID', 0, 0, 0], // EIP-141: it always fails
  [0xff, 'SELFDESTRUCT', 1, 0, { FRONTIER: 0, TANGERINE_WHISTLE: 5000 }],
]
