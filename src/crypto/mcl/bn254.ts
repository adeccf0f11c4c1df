// BN254 by mcl (EIP-196, EIP-197).
import type { EVMBN254Interface } from '@ethereumjs/evm'
import { Curve, FP_SIZE, FR_SIZE, G1_SIZE, G2_SIZE, GT_SIZE, MclCurve, type Pointer } from './curve.js'

const PAIR = 192

/** Inputs as the precompiled contracts take them, padded to their length. Every method throws on invalid points. */
export class MclBn254 implements EVMBN254Interface {
  readonly #curve: MclCurve

  private constructor(curve: MclCurve) {
    this.#curve = curve
  }

  /** @throws MclError */
  static async create(): Promise<MclBn254> {
    return new MclBn254(await MclCurve.create(Curve.BN_SNARK1, 32))
  }

  #readG1(point: Pointer, input: Uint8Array, offset: number): void {
    const curve = this.#curve
    curve.readField(point, input, offset)
    curve.readField(point + FP_SIZE, input, offset + 32)
    curve.completeG1(point) // the curve has prime order: there is no smaller group to check
  }

  /** The imaginary parts come first. */
  #readG2(point: Pointer, input: Uint8Array, offset: number): void {
    const curve = this.#curve
    curve.readField(point + FP_SIZE, input, offset)
    curve.readField(point, input, offset + 32)
    curve.readField(point + 3 * FP_SIZE, input, offset + 64)
    curve.readField(point + 2 * FP_SIZE, input, offset + 96)
    curve.completeG2(point)
    curve.inSubgroupG2(point)
  }

  #writeG1(point: Pointer): Uint8Array {
    const curve = this.#curve
    const out = new Uint8Array(64)
    if (curve.fn._mclBnG1_isZero(point) === 1) return out
    curve.fn._mclBnG1_normalize(point, point)
    curve.writeField(point, out, 0)
    curve.writeField(point + FP_SIZE, out, 32)
    return out
  }

  add(input: Uint8Array): Uint8Array {
    const curve = this.#curve
    curve.reserve(2 * G1_SIZE)
    const [p, q] = [curve.take(G1_SIZE), curve.take(G1_SIZE)]
    this.#readG1(p, input, 0)
    this.#readG1(q, input, 64)
    curve.fn._mclBnG1_add(p, p, q)
    return this.#writeG1(p)
  }

  mul(input: Uint8Array): Uint8Array {
    const curve = this.#curve
    curve.reserve(G1_SIZE + FR_SIZE)
    const [p, scalar] = [curve.take(G1_SIZE), curve.take(FR_SIZE)]
    this.#readG1(p, input, 0)
    curve.readScalar(scalar, input, 64)
    curve.fn._mclBnG1_mul(p, p, scalar)
    return this.#writeG1(p)
  }

  pairing(input: Uint8Array): Uint8Array {
    const curve = this.#curve
    const pairs = input.length / PAIR
    curve.reserve(pairs * (G1_SIZE + G2_SIZE) + GT_SIZE)
    const [g1, g2, product] = [curve.take(pairs * G1_SIZE), curve.take(pairs * G2_SIZE), curve.take(GT_SIZE)]
    let count = 0
    for (let at = 0; at < input.length; at += PAIR) {
      const [p, q] = [g1 + count * G1_SIZE, g2 + count * G2_SIZE]
      this.#readG1(p, input, at)
      this.#readG2(q, input, at + 64)
      // The pairing with a point at infinity is one: the next pair takes the place.
      if (curve.fn._mclBnG1_isZero(p) === 0 && curve.fn._mclBnG2_isZero(q) === 0) count++
    }
    const out = new Uint8Array(32)
    out[31] = curve.pairsToOne(g1, g2, count, product) ? 1 : 0
    return out
  }
}
