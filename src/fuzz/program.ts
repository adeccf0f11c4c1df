// Random programs that do something: operands are there, jumps are valid, calls go to accounts that exist. A small part
// breaks these rules on purpose.

import { Rules } from '../abi/core.generated.js'
import { OPCODES, Op, type OpcodeRow } from '../abi/registry.js'
import { Assembler } from '../workloads/assembler.js'
import type { Random } from '../workloads/random.js'
import { precompileAddress, precompileInput } from './precompileInputs.js'

/** What a program may use. */
export interface ProgramContext {
  /** Addresses worth calling, 20 bytes each. */
  addresses: readonly Uint8Array[]
  /** Position of the fork in the order of forks (Rules): later opcodes are used from their fork on. */
  rules: number
}

/** Where return data is copied to be hashed: behind most of what programs keep in memory. */
const OBSERVED_AT = 128n
const CALL_GAS_LIMITS = [0n, 700n, 2300n, 30_000n, 1_000_000n]

const INTERESTING: readonly bigint[] = [
  ...[0n, 1n, 2n, 3n, 5n, 31n, 32n, 33n, 127n, 128n, 255n, 256n, 257n, 65535n],
  ...[2n ** 32n, 2n ** 63n, 2n ** 64n - 1n, 2n ** 64n, 2n ** 128n - 1n, 2n ** 128n, 2n ** 160n - 1n],
  ...[2n ** 255n - 1n, 2n ** 255n, 2n ** 255n + 1n, 2n ** 256n - 2n, 2n ** 256n - 1n],
]

/** Opcodes that work on the stack alone. */
const ARITHMETIC: readonly OpcodeRow[] = OPCODES.filter(({ code }) => code >= Op.ADD && code < Op.KECCAK256)
/** Opcodes that push what they are asked for. */
const ENVIRONMENT: readonly OpcodeRow[] = OPCODES.filter(
  ({ code, pops, pushes }) => code < Op.PUSH0 && pops === 0 && pushes === 1,
)
/** They end the program or jump: only where that is meant. */
const ENDS: ReadonlySet<number> = new Set<number>([
  Op.STOP,
  Op.JUMP,
  Op.JUMPI,
  Op.RETURN,
  Op.REVERT,
  Op.INVALID,
  Op.SELFDESTRUCT,
])
/** What any operands do for: all others that read nothing of the code. What has no method here is met as one of these. */
const ANY: readonly OpcodeRow[] = OPCODES.filter(({ code }) => !ENDS.has(code) && (code < Op.PUSH1 || code > Op.PUSH32))

function takesValue(op: number): boolean {
  return op === Op.CALL || op === Op.CALLCODE
}

export class ProgramBuilder extends Assembler {
  readonly #random: Random
  readonly #context: ProgramContext

  constructor(random: Random, context: ProgramContext) {
    super()
    this.#random = random
    this.#context = context
  }

  build(): Uint8Array {
    this.#statements(3 + this.#random.below(25), 2)
    this.#end()
    return this.finish()
  }

  override push(value: bigint): void {
    if (value === 0n && this.#context.rules >= Rules.SHANGHAI && this.#random.below(2) === 0) {
      this.op(Op.PUSH0)
      this.depth++
    } else super.push(value)
  }

  #word(): bigint {
    if (this.#random.below(4) > 0) return this.#random.pick(INTERESTING)
    let word = 0n
    for (let i = 0; i < 8; i++) word = (word << 32n) | BigInt(this.#random.u32())
    return word >> BigInt(8 * this.#random.below(32))
  }

  /** A small number: an offset, a length or a storage key. */
  #small(limit = 96): void {
    this.push(this.#random.below(60) === 0 ? this.#word() : BigInt(this.#random.below(limit)))
  }

  /** Has at least `count` operands on the stack; mostly uses those that are there. */
  #operands(count: number): void {
    const fresh = this.#random.below(3) === 0 ? this.#random.below(count + 1) : 0
    for (let i = 0; i < fresh; i++) this.push(this.#word())
    while (this.depth < count) this.push(this.#word())
  }

  #simple(from: readonly OpcodeRow[]): void {
    const { code, pops, pushes, since, immediate } = this.#random.pick(from)
    if (since > this.#context.rules) return
    this.#operands(pops)
    this.op(code, ...(immediate === undefined ? [] : [immediate]))
    this.depth += pushes - pops
  }

  #address(): void {
    const kind = this.#random.below(10)
    if (kind === 0) this.push(this.#word())
    else if (kind < 3) this.push(BigInt(precompileAddress(this.#random, this.#context.rules)))
    else if (kind === 3) {
      this.op(Op.ADDRESS)
      this.depth++
    } else this.push(BigInt(`0x${Buffer.from(this.#random.pick(this.#context.addresses)).toString('hex')}`))
  }

  #statements(count: number, nesting: number): void {
    for (let i = 0; i < count; i++) this.#statement(nesting)
  }

  #statement(nesting: number): void {
    if (this.depth > 60) this.drop(this.depth - 20)
    const kind = this.#random.below(109)
    if (kind < 24) this.#simple(ARITHMETIC)
    else if (kind < 34) this.#simple(ENVIRONMENT)
    else if (kind < 46) this.#memory()
    else if (kind < 60) this.#storage()
    else if (kind < 66) this.#accounts()
    else if (kind < 72) this.#shuffle()
    else if (kind < 75) this.#log()
    else if (kind < 78) this.#hash()
    else if (kind < 88) this.#call()
    else if (kind < 92) this.#create()
    else if (kind < 95) this.#branch(nesting)
    else if (kind < 98) this.#loop(nesting)
    else if (kind < 99) this.#selfdestruct()
    else if (kind < 103) this.#precompile()
    else if (kind < 107) this.#any()
    else if (kind < 108) this.#jump()
    else if (this.#random.below(12) === 0) this.raw(this.#random.below(256))
  }

  /** An opcode of the registry on operands that nobody chose for it: half of the time one that came last. */
  #any(): void {
    const known = ANY.filter(({ since }) => since <= this.#context.rules)
    const last = Math.max(...known.map(({ since }) => since))
    const { code, pops, pushes, immediate } = this.#random.pick(
      this.#random.below(2) === 0 ? known : known.filter(({ since }) => since === last),
    )
    for (let i = 0; i < pops; i++) {
      if (this.#random.below(4) === 0) this.#address()
      else this.#small()
    }
    this.op(code, ...(immediate === undefined ? [] : [immediate]))
    this.depth += pushes - pops
  }

  /** Over bytes that are no part of the program; a PUSH among them may swallow the JUMPDEST. */
  #jump(): void {
    const hole = this.jumpHole(Op.JUMP)
    for (let i = this.#random.below(3); i > 0; i--) this.raw(this.#random.below(256))
    this.fillHole(hole)
  }

  #memory(): void {
    const kind = this.#random.below(7)
    if (kind === 0) {
      this.#small()
      this.op(Op.MLOAD)
    } else if (kind < 4) {
      this.#operands(1)
      this.#small()
      this.op(kind === 1 ? Op.MSTORE8 : Op.MSTORE)
      this.depth -= 2
    } else if (kind === 4 && this.#context.rules >= Rules.CANCUN) {
      for (let i = 0; i < 3; i++) this.#small()
      this.op(Op.MCOPY)
      this.depth -= 3
    } else if (kind === 5) {
      for (let i = 0; i < 3; i++) this.#small()
      this.op(this.#random.pick([Op.CALLDATACOPY, Op.CODECOPY]))
      this.depth -= 3
    } else if (this.#context.rules >= Rules.BYZANTIUM) {
      // RETURNDATACOPY of all there is, rarely of more.
      if (this.#random.below(20) === 0) this.#small()
      else {
        this.op(Op.RETURNDATASIZE)
        this.depth++
      }
      this.push(0n)
      this.#small()
      this.op(Op.RETURNDATACOPY)
      this.depth -= 3
    }
  }

  #storage(): void {
    const transient = this.#context.rules >= Rules.CANCUN && this.#random.below(4) === 0
    const load = this.#random.below(2) === 0
    if (!load) this.#operands(1)
    this.#small(6)
    this.op(transient ? (load ? Op.TLOAD : Op.TSTORE) : load ? Op.SLOAD : Op.SSTORE)
    this.depth -= load ? 0 : 2
  }

  #accounts(): void {
    const kind = this.#random.below(5)
    if (kind === 0) {
      for (let i = 0; i < 3; i++) this.#small()
      this.#address()
      this.op(Op.EXTCODECOPY)
      this.depth -= 4
    } else if (kind === 1) {
      this.push(BigInt(this.#random.below(5)))
      this.op(Op.BLOCKHASH)
    } else if (kind === 2 && this.#context.rules >= Rules.CANCUN) {
      this.push(BigInt(this.#random.below(3)))
      this.op(Op.BLOBHASH)
    } else if (kind === 3 && this.#random.below(2) === 0) {
      this.#small()
      this.op(Op.CALLDATALOAD)
    } else {
      this.#address()
      this.op(
        this.#context.rules >= Rules.CONSTANTINOPLE && kind === 4
          ? Op.EXTCODEHASH
          : this.#random.pick([Op.BALANCE, Op.EXTCODESIZE]),
      )
    }
  }

  #shuffle(): void {
    if (this.depth === 0) this.push(this.#word())
    const reach = Math.min(16, this.depth)
    if (this.#random.below(2) === 0) {
      this.op(Op.DUP1 + this.#random.below(reach))
      this.depth++
    } else if (reach > 1) this.op(Op.SWAP1 + this.#random.below(reach - 1))
  }

  #hash(): void {
    this.#small()
    this.#small()
    this.op(Op.KECCAK256)
    this.depth--
  }

  #log(): void {
    const topics = this.#random.below(5)
    this.#operands(topics)
    this.#small()
    this.#small()
    this.op(Op.LOG0 + topics)
    this.depth -= 2 + topics
  }

  #call(): void {
    // Output and input: offset and length each.
    for (let i = 0; i < 4; i++) this.#small()
    const op = this.#callOp()
    if (takesValue(op)) this.push(this.#random.below(3) > 0 ? 0n : BigInt(this.#random.below(4)))
    this.#address()
    this.#finishCall(op, 3)
    if (this.#random.below(3) === 0) this.#observe()
  }

  #callOp(): number {
    const ops: number[] = [Op.CALL, Op.CALL, Op.CALLCODE]
    if (this.#context.rules >= Rules.HOMESTEAD) ops.push(Op.DELEGATECALL)
    if (this.#context.rules >= Rules.BYZANTIUM) ops.push(Op.STATICCALL)
    return this.#random.pick(ops)
  }

  /** All the gas there is, less often (one in `limited`) a part of it. */
  #finishCall(op: number, limited: number): void {
    if (this.#random.below(limited) > 0) {
      this.op(Op.GAS)
      this.depth++
    } else this.push(this.#random.pick(CALL_GAS_LIMITS))
    this.op(op)
    this.depth -= takesValue(op) ? 6 : 5
  }

  /** A precompiled contract on an input that it was made for. */
  #precompile(): void {
    const address = precompileAddress(this.#random, this.#context.rules)
    const input = precompileInput(this.#random, address)
    this.copyData(input)
    this.#small()
    this.#small()
    this.push(BigInt(input.length))
    this.push(0n)
    const op = this.#callOp()
    if (takesValue(op)) this.push(this.#random.below(8) > 0 ? 0n : 1n)
    this.push(BigInt(address))
    this.#finishCall(op, 10)
    this.#observe()
  }

  /** Stores or logs a hash of what the last call returned; before RETURNDATASIZE of memory that it may have written. */
  #observe(): void {
    if (this.#context.rules >= Rules.BYZANTIUM) {
      this.op(Op.RETURNDATASIZE)
      this.depth++
      this.push(0n)
      this.push(OBSERVED_AT)
      this.op(Op.RETURNDATACOPY, Op.RETURNDATASIZE)
      this.depth -= 2
    } else this.push(OBSERVED_AT)
    this.push(this.#context.rules >= Rules.BYZANTIUM ? OBSERVED_AT : 0n)
    this.op(Op.KECCAK256)
    this.depth--
    if (this.#random.below(2) === 0) {
      this.push(BigInt(this.#random.below(6)))
      this.op(Op.SSTORE)
      this.depth -= 2
    } else {
      this.push(0n)
      this.push(0n)
      this.op(Op.LOG1)
      this.depth -= 3
    }
  }

  /** Only on some ways through the program: what follows it is to run, too. */
  #selfdestruct(): void {
    this.#operands(1)
    const hole = this.jumpHole(Op.JUMPI)
    this.depth--
    this.#address()
    this.op(Op.SELFDESTRUCT)
    this.depth--
    this.fillHole(hole)
  }

  /** A contract whose code is a short program; rarely more than a word of it. */
  #create(): void {
    const init = this.#initCode()
    for (let at = 0; at < init.length; at += 32) {
      const part = Buffer.alloc(32)
      part.set(init.subarray(at, at + 32))
      this.push(BigInt(`0x${part.toString('hex')}`))
      this.push(BigInt(at))
      this.op(Op.MSTORE)
      this.depth -= 2
    }
    const salted = this.#context.rules >= Rules.CONSTANTINOPLE && this.#random.below(2) === 0
    if (salted) this.push(BigInt(this.#random.below(3)))
    this.push(BigInt(init.length))
    this.push(0n)
    this.push(BigInt(this.#random.below(4) === 0 ? 1 : 0))
    this.op(salted ? Op.CREATE2 : Op.CREATE)
    this.depth -= salted ? 3 : 2
    if (this.#random.below(2) === 0) {
      // Calls what was made.
      for (let i = 0; i < 5; i++) this.push(0n)
      this.op(Op.DUP6, Op.GAS, Op.CALL)
      this.depth -= 4
    }
  }

  #initCode(): Uint8Array {
    const runtime = this.#random.pick([
      [Op.CALLER, Op.SELFDESTRUCT],
      [Op.PUSH1, 1, Op.PUSH1, 0, Op.SSTORE, Op.STOP],
      [Op.INVALID],
      [0xef],
      [],
      [Op.PUSH0, Op.PUSH0, Op.REVERT],
    ])
    const before = this.#random.pick([
      [],
      [],
      [Op.PUSH1, 1, Op.SLOAD, Op.PUSH1, 2, Op.SSTORE],
      [Op.PUSH1, 7, Op.PUSH1, 0, Op.SSTORE],
      [Op.CALLER, Op.SELFDESTRUCT],
    ])
    // before; PUSH runtime; PUSH 0; MSTORE; RETURN of its last bytes.
    const store = runtime.length === 0 ? [] : [Op.PUSH1 - 1 + runtime.length, ...runtime, Op.PUSH1, 0, Op.MSTORE]
    const end = this.#random.below(8) === 0 ? Op.REVERT : Op.RETURN
    return Uint8Array.from([...before, ...store, Op.PUSH1, runtime.length, Op.PUSH1, 32 - runtime.length, end])
  }

  /** if (word) { statements }: the stack is as deep after it as before. */
  #branch(nesting: number): void {
    if (nesting === 0) return
    this.#operands(1)
    const hole = this.jumpHole(Op.JUMPI)
    this.depth--
    this.#balanced(() => this.#statements(1 + this.#random.below(4), nesting - 1))
    this.fillHole(hole)
  }

  #loop(nesting: number): void {
    if (nesting === 0) return
    this.push(BigInt(1 + this.#random.below(6)))
    const start = this.length
    this.op(Op.JUMPDEST)
    this.#balanced(() => this.#statements(1 + this.#random.below(4), nesting - 1))
    // counter - 1; again while it is not 0.
    this.op(Op.PUSH1, 1, Op.SWAP1, Op.SUB, Op.DUP1, Op.PUSH2, start >> 8, start & 255, Op.JUMPI, Op.POP)
    this.depth--
  }

  /** Statements that neither touch what lies on the stack now nor leave anything. */
  #balanced(body: () => void): void {
    const outer = this.depth
    this.depth = 0
    body()
    this.drop(this.depth)
    this.depth = outer
  }

  #end(): void {
    const kind = this.#random.below(10)
    if (kind < 3) this.op(Op.STOP)
    else if (kind < 8) {
      this.#small()
      this.#small()
      this.op(kind < 6 || this.#context.rules < Rules.BYZANTIUM ? Op.RETURN : Op.REVERT)
    } else if (kind === 8) {
      this.#address()
      this.op(Op.SELFDESTRUCT)
    } else this.op(Op.INVALID)
  }
}
