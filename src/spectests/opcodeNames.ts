import { OPCODES } from '../abi/registry.js'

const NAMES = new Map(OPCODES.map(({ code, name }) => [code, name]))

/** As geth's traces have it. A byte that is no opcode: `opcode 0xc not defined`. */
export function opcodeName(op: number): string {
  return NAMES.get(op) ?? `opcode 0x${op.toString(16)} not defined`
}
