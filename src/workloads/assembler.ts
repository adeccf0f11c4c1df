// Bytecode under construction, with the depth of the stack known at every place.
import { Op } from '../abi/registry.js'

export class Assembler {
  readonly #bytes: number[] = []
  /** Bytes after the program, and where their offsets are to be filled in. */
  readonly #data: { hole: number; bytes: Uint8Array }[] = []
  protected depth = 0

  get length(): number {
    return this.#bytes.length
  }

  /** Whole instructions. */
  op(...bytes: number[]): void {
    this.raw(...bytes)
  }

  /** Bytes that are no instructions, or that nobody knows. */
  raw(...bytes: number[]): void {
    this.#bytes.push(...bytes)
  }

  push(value: bigint): void {
    const digits = value.toString(16)
    const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex')
    this.op(Op.PUSH1 - 1 + bytes.length, ...bytes)
    this.depth++
  }

  drop(count: number): void {
    for (let i = 0; i < count; i++) this.op(Op.POP)
    this.depth -= count
  }

  /** A jump to where `fillHole` is called. */
  jumpHole(op: number): number {
    const hole = this.length + 1
    this.op(Op.PUSH2, 0, 0, op)
    return hole
  }

  fillHole(hole: number): void {
    this.#fill(hole, this.length)
    this.op(Op.JUMPDEST)
  }

  #fill(hole: number, value: number): void {
    this.#bytes[hole] = value >> 8
    this.#bytes[hole + 1] = value & 255
  }

  /** Puts bytes at the start of memory; they stand behind the program. */
  copyData(bytes: Uint8Array): void {
    this.op(Op.PUSH2, bytes.length >> 8, bytes.length & 255)
    this.#data.push({ hole: this.length + 1, bytes })
    this.op(Op.PUSH2, 0, 0, Op.PUSH1, 0, Op.CODECOPY)
  }

  finish(): Uint8Array {
    for (const { hole, bytes } of this.#data) {
      this.#fill(hole, this.length)
      this.raw(...bytes)
    }
    return Uint8Array.from(this.#bytes)
  }
}
