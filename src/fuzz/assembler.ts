// Bytecode under construction, with the depth of the stack known at every place.
import { opcode } from '../abi/registry.js'

export const Op = {
  STOP: opcode('STOP'),
  ADD: opcode('ADD'),
  SUB: opcode('SUB'),
  KECCAK256: opcode('KECCAK256'),
  ADDRESS: opcode('ADDRESS'),
  BALANCE: opcode('BALANCE'),
  CALLER: opcode('CALLER'),
  CALLDATALOAD: opcode('CALLDATALOAD'),
  CALLDATACOPY: opcode('CALLDATACOPY'),
  CODECOPY: opcode('CODECOPY'),
  EXTCODESIZE: opcode('EXTCODESIZE'),
  EXTCODECOPY: opcode('EXTCODECOPY'),
  RETURNDATASIZE: opcode('RETURNDATASIZE'),
  RETURNDATACOPY: opcode('RETURNDATACOPY'),
  EXTCODEHASH: opcode('EXTCODEHASH'),
  BLOCKHASH: opcode('BLOCKHASH'),
  BLOBHASH: opcode('BLOBHASH'),
  POP: opcode('POP'),
  MLOAD: opcode('MLOAD'),
  MSTORE: opcode('MSTORE'),
  MSTORE8: opcode('MSTORE8'),
  SLOAD: opcode('SLOAD'),
  SSTORE: opcode('SSTORE'),
  JUMPI: opcode('JUMPI'),
  GAS: opcode('GAS'),
  JUMPDEST: opcode('JUMPDEST'),
  TLOAD: opcode('TLOAD'),
  TSTORE: opcode('TSTORE'),
  MCOPY: opcode('MCOPY'),
  PUSH0: opcode('PUSH0'),
  PUSH1: opcode('PUSH1'),
  PUSH2: opcode('PUSH2'),
  DUP1: opcode('DUP1'),
  DUP6: opcode('DUP6'),
  SWAP1: opcode('SWAP1'),
  LOG0: opcode('LOG0'),
  LOG1: opcode('LOG1'),
  CREATE: opcode('CREATE'),
  CALL: opcode('CALL'),
  CALLCODE: opcode('CALLCODE'),
  RETURN: opcode('RETURN'),
  DELEGATECALL: opcode('DELEGATECALL'),
  CREATE2: opcode('CREATE2'),
  STATICCALL: opcode('STATICCALL'),
  REVERT: opcode('REVERT'),
  INVALID: opcode('INVALID'),
  SELFDESTRUCT: opcode('SELFDESTRUCT'),
}

export class Assembler {
  readonly #bytes: number[] = []
  /** Bytes after the program, and where their offsets are to be filled in. */
  readonly #data: { hole: number; bytes: Uint8Array }[] = []
  protected depth = 0

  protected get length(): number {
    return this.#bytes.length
  }

  protected op(...bytes: number[]): void {
    this.#bytes.push(...bytes)
  }

  protected push(value: bigint): void {
    const digits = value.toString(16)
    const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex')
    this.op(Op.PUSH1 - 1 + bytes.length, ...bytes)
    this.depth++
  }

  protected drop(count: number): void {
    for (let i = 0; i < count; i++) this.op(Op.POP)
    this.depth -= count
  }

  /** A jump to where `fillHole` is called. */
  protected jumpHole(op: number): number {
    const hole = this.length + 1
    this.op(Op.PUSH2, 0, 0, op)
    return hole
  }

  protected fillHole(hole: number): void {
    this.#fill(hole, this.length)
    this.op(Op.JUMPDEST)
  }

  #fill(hole: number, value: number): void {
    this.#bytes[hole] = value >> 8
    this.#bytes[hole + 1] = value & 255
  }

  /** Puts bytes at the start of memory; they stand behind the program. */
  protected copyData(bytes: Uint8Array): void {
    this.op(Op.PUSH2, bytes.length >> 8, bytes.length & 255)
    this.#data.push({ hole: this.length + 1, bytes })
    this.op(Op.PUSH2, 0, 0, Op.PUSH1, 0, Op.CODECOPY)
  }

  protected finish(): Uint8Array {
    for (const { hole, bytes } of this.#data) {
      this.#fill(hole, this.length)
      this.op(...bytes)
    }
    return Uint8Array.from(this.#bytes)
  }
}
