// BLS12-381 by mcl (EIP-2537), and with it the proofs of point evaluations (EIP-4844).
import type { EVMBLSInterface } from '@ethereumjs/evm'
import { isZero } from '../../bytes.js'
import {
  Curve,
  FP_SIZE,
  FR_SIZE,
  G1_SIZE,
  G2_SIZE,
  GT_SIZE,
  InvalidElement,
  MclCurve,
  MclError,
  type Pointer,
} from './curve.js'

/** Bytes of a field element in an input, of which the first 16 are zero (the caller has seen to that). */
const ELEMENT = 64
const ZEROS = 16
const G1_BYTES = 2 * ELEMENT
const G2_BYTES = 4 * ELEMENT
/** The map of RFC 9380 that EIP-2537 asks for. */
const MAP_RFC_9380 = 5

/** Inputs as the precompiled contracts take them. Every method throws on invalid elements and points. */
export class MclBls implements EVMBLSInterface {
  readonly #curve: MclCurve

  private constructor(curve: MclCurve) {
    this.#curve = curve
  }

  /** @throws MclError */
  static async create(): Promise<MclBls> {
    const curve = await MclCurve.create(Curve.BLS12_381, FP_SIZE)
    if (curve.fn._mclBn_setMapToMode(MAP_RFC_9380) !== 0) throw new MclError('has no map of RFC 9380')
    return new MclBls(curve)
  }

  #readG1(point: Pointer, input: Uint8Array, offset: number): void {
    for (let i = 0; i < 2; i++) this.#curve.readField(point + i * FP_SIZE, input, offset + i * ELEMENT + ZEROS)
    this.#curve.completeG1(point)
  }

  #readG2(point: Pointer, input: Uint8Array, offset: number): void {
    for (let i = 0; i < 4; i++) this.#curve.readField(point + i * FP_SIZE, input, offset + i * ELEMENT + ZEROS)
    this.#curve.completeG2(point)
  }

  #writeG1(point: Pointer): Uint8Array {
    const { fn } = this.#curve
    const out = new Uint8Array(G1_BYTES)
    if (fn._mclBnG1_isZero(point) === 1) return out
    fn._mclBnG1_normalize(point, point)
    for (let i = 0; i < 2; i++) this.#curve.writeField(point + i * FP_SIZE, out, i * ELEMENT + ZEROS)
    return out
  }

  #writeG2(point: Pointer): Uint8Array {
    const { fn } = this.#curve
    const out = new Uint8Array(G2_BYTES)
    if (fn._mclBnG2_isZero(point) === 1) return out
    fn._mclBnG2_normalize(point, point)
    for (let i = 0; i < 4; i++) this.#curve.writeField(point + i * FP_SIZE, out, i * ELEMENT + ZEROS)
    return out
  }

  /** Points need not be in the subgroup. */
  addG1(input: Uint8Array): Uint8Array {
    const curve = this.#curve
    curve.reserve(2 * G1_SIZE)
    const [p, q] = [curve.take(G1_SIZE), curve.take(G1_SIZE)]
    this.#readG1(p, input, 0)
    this.#readG1(q, input, G1_BYTES)
    curve.fn._mclBnG1_add(p, p, q)
    return this.#writeG1(p)
  }

  /** Points need not be in the subgroup. */
  addG2(input: Uint8Array): Uint8Array {
    const curve = this.#curve
    curve.reserve(2 * G2_SIZE)
    const [p, q] = [curve.take(G2_SIZE), curve.take(G2_SIZE)]
    this.#readG2(p, input, 0)
    this.#readG2(q, input, G2_BYTES)
    curve.fn._mclBnG2_add(p, p, q)
    return this.#writeG2(p)
  }

  msmG1(input: Uint8Array): Uint8Array {
    const curve = this.#curve
    const record = G1_BYTES + FR_SIZE
    const count = input.length / record
    curve.reserve(count * (G1_SIZE + FR_SIZE) + G1_SIZE)
    const [sum, points, scalars] = [curve.take(G1_SIZE), curve.take(count * G1_SIZE), curve.take(count * FR_SIZE)]
    for (let i = 0; i < count; i++) {
      this.#readG1(points + i * G1_SIZE, input, i * record)
      curve.inSubgroupG1(points + i * G1_SIZE)
      curve.readScalar(scalars + i * FR_SIZE, input, i * record + G1_BYTES)
    }
    curve.fn._mclBnG1_mulVec(sum, points, scalars, count)
    return this.#writeG1(sum)
  }

  msmG2(input: Uint8Array): Uint8Array {
    const curve = this.#curve
    const record = G2_BYTES + FR_SIZE
    const count = input.length / record
    curve.reserve(count * (G2_SIZE + FR_SIZE) + G2_SIZE)
    const [sum, points, scalars] = [curve.take(G2_SIZE), curve.take(count * G2_SIZE), curve.take(count * FR_SIZE)]
    for (let i = 0; i < count; i++) {
      this.#readG2(points + i * G2_SIZE, input, i * record)
      curve.inSubgroupG2(points + i * G2_SIZE)
      curve.readScalar(scalars + i * FR_SIZE, input, i * record + G2_BYTES)
    }
    curve.fn._mclBnG2_mulVec(sum, points, scalars, count)
    return this.#writeG2(sum)
  }

  pairingCheck(input: Uint8Array): Uint8Array {
    const curve = this.#curve
    const record = G1_BYTES + G2_BYTES
    const pairs = input.length / record
    curve.reserve(pairs * (G1_SIZE + G2_SIZE) + GT_SIZE)
    const [g1, g2, product] = [curve.take(pairs * G1_SIZE), curve.take(pairs * G2_SIZE), curve.take(GT_SIZE)]
    let count = 0
    for (let at = 0; at < input.length; at += record) {
      const [p, q] = [g1 + count * G1_SIZE, g2 + count * G2_SIZE]
      this.#readG1(p, input, at)
      curve.inSubgroupG1(p)
      this.#readG2(q, input, at + G1_BYTES)
      curve.inSubgroupG2(q)
      // The pairing with a point at infinity is one: the next pair takes the place.
      if (curve.fn._mclBnG1_isZero(p) === 0 && curve.fn._mclBnG2_isZero(q) === 0) count++
    }
    const out = new Uint8Array(32)
    out[31] = curve.pairsToOne(g1, g2, count, product) ? 1 : 0
    return out
  }

  mapFPtoG1(input: Uint8Array): Uint8Array {
    const curve = this.#curve
    curve.reserve(FP_SIZE + G1_SIZE)
    const [x, point] = [curve.take(FP_SIZE), curve.take(G1_SIZE)]
    curve.readField(x, input, ZEROS)
    if (curve.fn._mclBnFp_mapToG1(point, x) !== 0) throw new InvalidElement('maps to no point')
    return this.#writeG1(point)
  }

  mapFP2toG2(input: Uint8Array): Uint8Array {
    const curve = this.#curve
    curve.reserve(2 * FP_SIZE + G2_SIZE)
    const [x, point] = [curve.take(2 * FP_SIZE), curve.take(G2_SIZE)]
    for (let i = 0; i < 2; i++) curve.readField(x + i * FP_SIZE, input, i * ELEMENT + ZEROS)
    if (curve.fn._mclBnFp2_mapToG2(point, x) !== 0) throw new InvalidElement('maps to no point')
    return this.#writeG2(point)
  }

  /** Point of 48 bytes: x and three flags (compressed, infinity, the greater y). */
  #readCompressed(point: Pointer, bytes: Uint8Array, temporary: Pointer): void {
    const { fn } = this.#curve
    const flags = bytes[0] as number
    if (bytes.length !== 48 || (flags & 0x80) === 0) throw new InvalidElement('not a compressed point')
    const x = bytes.slice()
    x[0] = flags & 0x1f
    const y = point + FP_SIZE
    if ((flags & 0x40) !== 0) {
      if ((flags & 0x20) !== 0 || !isZero(x)) throw new InvalidElement('not the point at infinity')
      for (let i = 0; i < 3; i++) fn._mclBnFp_setInt32(point + i * FP_SIZE, 0)
      return
    }
    this.#curve.readField(point, x, 0)
    fn._mclBnFp_mul(y, point, point)
    fn._mclBnFp_mul(y, y, point)
    fn._mclBnFp_setInt32(temporary, 4)
    fn._mclBnFp_add(temporary, temporary, y)
    if (fn._mclBnFp_squareRoot(y, temporary) !== 0) throw new InvalidElement('not a point of the curve')
    if (fn._mclBnFp_isNegative(y) !== ((flags >> 5) & 1)) fn._mclBnFp_neg(y, y)
    fn._mclBnFp_setInt32(point + 2 * FP_SIZE, 1)
    this.#curve.inSubgroupG1(point)
  }

  /**
   * verifyPointEvaluation of ../pointEvaluation.ts, with the multiplication moved from G2 to G1:
   * e(commitment - y G1 + z proof, G2) = e(proof, secret G2).
   *
   * @param setup generator of G1 (128 bytes), then -G2 and the secret times the generator of G2 (256 bytes each)
   * @throws InvalidElement
   */
  verifyPointEvaluation(
    setup: Uint8Array,
    commitment: Uint8Array,
    z: Uint8Array,
    y: Uint8Array,
    proof: Uint8Array,
  ): boolean {
    const curve = this.#curve
    const { fn } = curve
    curve.reserve(4 * G1_SIZE + 2 * G2_SIZE + GT_SIZE + FR_SIZE)
    const [left, right, product] = [curve.take(2 * G1_SIZE), curve.take(2 * G2_SIZE), curve.take(GT_SIZE)]
    const [base, other, scalar] = [curve.take(G1_SIZE), curve.take(G1_SIZE), curve.take(FR_SIZE)]
    const witness = left + G1_SIZE
    curve.readReducedScalar(scalar, y, 0)
    this.#readG1(base, setup, 0)
    fn._mclBnG1_mul(base, base, scalar)
    curve.readReducedScalar(scalar, z, 0)
    this.#readCompressed(left, commitment, product)
    this.#readCompressed(witness, proof, product)
    fn._mclBnG1_mul(other, witness, scalar)
    fn._mclBnG1_sub(left, left, base)
    fn._mclBnG1_add(left, left, other)
    this.#readG2(right, setup, G1_BYTES)
    this.#readG2(right + G2_SIZE, setup, G1_BYTES + G2_BYTES)
    return curve.pairsToOne(left, right, 2, product)
  }
}
