// One curve of mcl in a WebAssembly instance of its own. mcl keeps the curve in globals, so two curves need two instances;
// the package's own entry point has only one, hence the factory beneath it.
import createModule from 'mcl-wasm/dist/mcl_c.js'
import { ParallevmError } from '../../errors.js'

/** Pointers into the instance. Values have the same size for every curve: six 64-bit limbs for Fp, four for Fr. */
export type Pointer = number
export const FP_SIZE = 48
export const FR_SIZE = 32
export const G1_SIZE = 3 * FP_SIZE
export const G2_SIZE = 6 * FP_SIZE
export const GT_SIZE = 12 * FP_SIZE
/** What the library was compiled for; it refuses a caller of other sizes. */
const COMPILED_FOR = (FR_SIZE / 8) * 10 + FP_SIZE / 8

/** mcl's number of the curve. */
export const Curve = { BLS12_381: 5 } as const

type Unary = (y: Pointer, x: Pointer) => void
type Binary = (z: Pointer, x: Pointer, y: Pointer) => void
type Test = (x: Pointer) => number
/** Decodes `length` bytes at `bytes`. */
type Decode = (x: Pointer, bytes: Pointer, length: number) => number

/** The C functions that are used (mcl/include/mcl/bn.h). A test returns 1 or 0. */
export interface MclFunctions {
  readonly wasmMemory: { readonly buffer: ArrayBuffer }
  _malloc(size: number): Pointer
  _free(pointer: Pointer): void
  _mclBn_init(curve: number, compiledFor: number): number
  _mclBn_setMapToMode(mode: number): number
  _mclBn_verifyOrderG1(verify: number): void
  _mclBn_verifyOrderG2(verify: number): void
  /** Little-endian; 0 when the number is not less than the order of the field. */
  _mclBnFp_deserialize: Decode
  _mclBnFr_deserialize: Decode
  _mclBnFr_setBigEndianMod: Decode
  _mclBnFp_serialize(bytes: Pointer, capacity: number, x: Pointer): number
  _mclBnFp_setInt32(x: Pointer, value: number): void
  _mclBnFp_isZero: Test
  /** x > -x as integers. */
  _mclBnFp_isNegative: Test
  _mclBnFp_add: Binary
  _mclBnFp_mul: Binary
  _mclBnFp_neg: Unary
  /** 0 when there is one. */
  _mclBnFp_squareRoot(y: Pointer, x: Pointer): number
  _mclBnFp_mapToG1(point: Pointer, x: Pointer): number
  _mclBnFp2_mapToG2(point: Pointer, x: Pointer): number
  _mclBnG1_isZero: Test
  _mclBnG1_isValid: Test
  _mclBnG1_isValidOrder: Test
  _mclBnG1_add: Binary
  _mclBnG1_sub: Binary
  _mclBnG1_mul: Binary
  _mclBnG1_normalize: Unary
  _mclBnG1_mulVec(sum: Pointer, points: Pointer, scalars: Pointer, count: number): void
  _mclBnG2_isZero: Test
  _mclBnG2_isValid: Test
  _mclBnG2_isValidOrder: Test
  _mclBnG2_add: Binary
  _mclBnG2_normalize: Unary
  _mclBnG2_mulVec(sum: Pointer, points: Pointer, scalars: Pointer, count: number): void
  _mclBn_millerLoopVec(product: Pointer, g1: Pointer, g2: Pointer, count: number): void
  _mclBn_finalExp: Unary
  _mclBnGT_isOne: Test
}

/** The library cannot be used; the precompiled contracts stay on the one in JavaScript. */
export class MclError extends ParallevmError {
  constructor(problem: string) {
    super('MCL_UNUSABLE', `mcl-wasm ${problem}: install the version that package.json names`)
  }
}

/** An input is no element of its field, or no point of its curve or group: the precompiled contract fails. */
export class InvalidElement extends RangeError {}

/**
 * An instance of mcl with one curve. Memory is taken for one operation at a time: `reserve` at its start, `take` for each
 * value.
 */
export class MclCurve {
  readonly fn: MclFunctions
  /** Bytes of a field element in an encoding; the memory it takes is FP_SIZE. */
  readonly length: number
  #bytes: Uint8Array
  #start: Pointer = 0
  #capacity = 0
  #used = 0
  readonly #io: Pointer

  private constructor(fn: MclFunctions, length: number) {
    this.fn = fn
    this.length = length
    this.#bytes = new Uint8Array(fn.wasmMemory.buffer)
    this.#io = this.#allocate(64)
  }

  /**
   * @param curve one of `Curve`
   * @param length bytes of a field element
   * @throws MclError when the library is of another build
   */
  static async create(curve: number, length: number): Promise<MclCurve> {
    const options = { cryptoGetRandomValues: (bytes: Uint8Array) => crypto.getRandomValues(bytes) }
    const fn = (await createModule(options)) as MclFunctions
    const status = fn._mclBn_init(curve, COMPILED_FOR)
    if (status !== 0) throw new MclError(`does not know the curve ${curve} (${status})`)
    // Whether the subgroup counts depends on the operation, so it is asked for where it does.
    fn._mclBn_verifyOrderG1(0)
    fn._mclBn_verifyOrderG2(0)
    return new MclCurve(fn, length)
  }

  #allocate(size: number): Pointer {
    const pointer = this.fn._malloc(size)
    if (pointer === 0) throw new MclError(`has no memory for ${size} bytes`)
    return pointer
  }

  /** The memory of the instance; growing it leaves older views empty. */
  get #view(): Uint8Array {
    if (this.#bytes.length === 0) this.#bytes = new Uint8Array(this.fn.wasmMemory.buffer)
    return this.#bytes
  }

  /** Begins an operation that takes at most `size` bytes; the values of the previous one are gone. */
  reserve(size: number): void {
    if (size > this.#capacity) {
      if (this.#start !== 0) this.fn._free(this.#start)
      this.#capacity = 0
      this.#start = this.#allocate(size)
      this.#capacity = size
    }
    this.#used = 0
  }

  /** Memory for a value, with what was there before. */
  take(size: number): Pointer {
    const pointer = this.#start + this.#used
    this.#used += size
    if (this.#used > this.#capacity)
      throw new MclError(`operation takes more than the ${this.#capacity} bytes reserved`)
    return pointer
  }

  /** Big-endian bytes to the value at `x` through `decode`, which sees them reversed. */
  #reversed(decode: Decode, x: Pointer, bytes: Uint8Array, offset: number, length: number): number {
    const view = this.#view
    for (let i = 0; i < length; i++) view[this.#io + i] = bytes[offset + length - 1 - i] as number
    return decode(x, this.#io, length)
  }

  /** @throws InvalidElement when the number of `length` bytes is not below the order of the field */
  readField(x: Pointer, bytes: Uint8Array, offset: number): void {
    if (this.#reversed(this.fn._mclBnFp_deserialize, x, bytes, offset, this.length) === 0) {
      throw new InvalidElement('not an element of the field')
    }
  }

  /** 32 bytes, reduced modulo the order of the group. */
  readScalar(x: Pointer, bytes: Uint8Array, offset: number): void {
    this.#view.set(bytes.subarray(offset, offset + FR_SIZE), this.#io)
    this.fn._mclBnFr_setBigEndianMod(x, this.#io, FR_SIZE)
  }

  /** @throws InvalidElement when the number of 32 bytes is not below the order of the group */
  readReducedScalar(x: Pointer, bytes: Uint8Array, offset: number): void {
    if (this.#reversed(this.fn._mclBnFr_deserialize, x, bytes, offset, FR_SIZE) === 0) {
      throw new InvalidElement('not an element of the scalar field')
    }
  }

  writeField(x: Pointer, out: Uint8Array, offset: number): void {
    const { length } = this
    this.fn._mclBnFp_serialize(this.#io, length, x)
    const view = this.#view
    for (let i = 0; i < length; i++) out[offset + i] = view[this.#io + length - 1 - i] as number
  }

  /**
   * Makes the two coordinates at `point` a point of G1: both zero are the point at infinity.
   * @throws InvalidElement when it is not on the curve
   */
  completeG1(point: Pointer): void {
    const { fn } = this
    const infinity = fn._mclBnFp_isZero(point) === 1 && fn._mclBnFp_isZero(point + FP_SIZE) === 1
    fn._mclBnFp_setInt32(point + 2 * FP_SIZE, infinity ? 0 : 1)
    if (!infinity && fn._mclBnG1_isValid(point) !== 1) throw new InvalidElement('not a point of the curve')
  }

  /** Like completeG1; the four parts of the coordinates lie at `point`. */
  completeG2(point: Pointer): void {
    const { fn } = this
    let infinity = true
    for (let i = 0; i < 4; i++) infinity = infinity && fn._mclBnFp_isZero(point + i * FP_SIZE) === 1
    fn._mclBnFp_setInt32(point + 4 * FP_SIZE, infinity ? 0 : 1)
    fn._mclBnFp_setInt32(point + 5 * FP_SIZE, 0)
    if (!infinity && fn._mclBnG2_isValid(point) !== 1) throw new InvalidElement('not a point of the curve')
  }

  /** @throws InvalidElement when the point is outside the group of prime order */
  inSubgroupG1(point: Pointer): void {
    if (this.fn._mclBnG1_isValidOrder(point) !== 1) throw new InvalidElement('not a point of the subgroup')
  }

  inSubgroupG2(point: Pointer): void {
    if (this.fn._mclBnG2_isValidOrder(point) !== 1) throw new InvalidElement('not a point of the subgroup')
  }

  /** True when the product of the pairings of `count` points of G1 and G2 is one. */
  pairsToOne(g1: Pointer, g2: Pointer, count: number, product: Pointer): boolean {
    if (count === 0) return true
    this.fn._mclBn_millerLoopVec(product, g1, g2, count)
    this.fn._mclBn_finalExp(product, product)
    return this.fn._mclBnGT_isOne(product) === 1
  }
}
