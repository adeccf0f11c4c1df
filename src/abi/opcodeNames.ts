import { OPCODES } from './registry.js'

/** Names that go-ethereum has for bytes that are no opcodes (of the withdrawn EVM Object Format). */
const RESERVED: readonly [number, string][] = [
  [0xd0, 'DATALOAD'],
  [0xd1, 'DATALOADN'],
  [0xd2, 'DATASIZE'],
  [0xd3, 'DATACOPY'],
  [0xe0, 'RJUMP'],
  [0xe1, 'RJUMPI'],
  [0xe2, 'RJUMPV'],
  [0xe3, 'CALLF'],
  [0xe4, 'RETF'],
  [0xe5, 'JUMPF'],
  [0xec, 'EOFCREATE'],
  [0xee, 'RETURNCONTRACT'],
  [0xf7, 'RETURNDATALOAD'],
  [0xf8, 'EXTCALL'],
  [0xf9, 'EXTDELEGATECALL'],
  [0xfb, 'EXTSTATICCALL'],
]

const NAMES = new Map([...RESERVED, ...OPCODES.map(({ code, name }): [number, string] => [code, name])])

/** As geth's traces have it. A byte that is no opcode: `opcode 0xc not defined`. */
export function opcodeName(op: number): string {
  return NAMES.get(op) ?? `opcode 0x${op.toString(16)} not defined`
}
