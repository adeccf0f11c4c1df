// Names of opcodes as geth's traces have them.

const NAMES = new Map<number, string>()

function name(first: number, names: string): void {
  for (const [index, each] of names.split(' ').entries()) NAMES.set(first + index, each)
}

name(0x00, 'STOP ADD MUL SUB DIV SDIV MOD SMOD ADDMOD MULMOD EXP SIGNEXTEND')
name(0x10, 'LT GT SLT SGT EQ ISZERO AND OR XOR NOT BYTE SHL SHR SAR CLZ')
name(0x20, 'KECCAK256')
name(0x30, 'ADDRESS BALANCE ORIGIN CALLER CALLVALUE CALLDATALOAD CALLDATASIZE CALLDATACOPY CODESIZE CODECOPY GASPRICE')
name(0x3b, 'EXTCODESIZE EXTCODECOPY RETURNDATASIZE RETURNDATACOPY EXTCODEHASH')
name(0x40, 'BLOCKHASH COINBASE TIMESTAMP NUMBER DIFFICULTY GASLIMIT CHAINID SELFBALANCE BASEFEE BLOBHASH BLOBBASEFEE')
name(0x50, 'POP MLOAD MSTORE MSTORE8 SLOAD SSTORE JUMP JUMPI PC MSIZE GAS JUMPDEST TLOAD TSTORE MCOPY PUSH0')
for (let n = 1; n <= 32; n++) NAMES.set(0x5f + n, `PUSH${n}`)
for (let n = 1; n <= 16; n++) NAMES.set(0x7f + n, `DUP${n}`).set(0x8f + n, `SWAP${n}`)
name(0xa0, 'LOG0 LOG1 LOG2 LOG3 LOG4')
name(0xf0, 'CREATE CALL CALLCODE RETURN DELEGATECALL CREATE2')
name(0xfa, 'STATICCALL')
name(0xfd, 'REVERT INVALID SELFDESTRUCT')

/** A byte that is no opcode: `opcode 0xc not defined`. */
export function opcodeName(op: number): string {
  return NAMES.get(op) ?? `opcode 0x${op.toString(16)} not defined`
}
