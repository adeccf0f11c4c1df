import { OPCODES } from './registry.js'

/** Names that go-ethereum has for bytes that are no opcodes (of the withdrawn EVM Object Format). */
const RESERVED =
  'd0 DATALOAD d1 DATALOADN d2 DATASIZE d3 DATACOPY e0 RJUMP e1 RJUMPI e2 RJUMPV e3 CALLF e4 RETF e5 JUMPF ec EOFCREATE ' +
  'ee RETURNCONTRACT f7 RETURNDATALOAD f8 EXTCALL f9 EXTDELEGATECALL fb EXTSTATICCALL'

const NAMES = new Map(OPCODES.map(({ code, name }) => [code, name]))
for (const [, code, name] of RESERVED.matchAll(/(\w+) (\w+)/g))
  NAMES.set(Number.parseInt(code as string, 16), name as string)

/** As geth's traces have it. A byte that is no opcode: `opcode 0xc not defined`. */
export function opcodeName(op: number): string {
  return NAMES.get(op) ?? `opcode 0x${op.toString(16)} not defined`
}
