// ECDSA over secp256r1 by mcl.
import { Curve, FP_SIZE, FR_SIZE, G1_SIZE, InvalidElement, MclCurve } from './curve.js'

const GENERATOR = Uint8Array.from(
  (
    '6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296' +
    '4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5'
  ).match(/../g) as string[],
  (byte) => Number.parseInt(byte, 16),
)

export class MclP256 {
  readonly #curve: MclCurve

  private constructor(curve: MclCurve) {
    this.#curve = curve
  }

  /** @throws MclError */
  static async create(): Promise<MclP256> {
    return new MclP256(await MclCurve.create(Curve.NIST_P256, 32))
  }

  /**
   * Whether the signature holds. Input: hash, r, s, x, y, 32 bytes each.
   * @throws InvalidElement when the key is no point of the curve, or a number is out of its range
   */
  verify(input: Uint8Array): boolean {
    const curve = this.#curve
    const { fn } = curve
    curve.reserve(3 * G1_SIZE + 5 * FR_SIZE)
    const [sum, points] = [curve.take(G1_SIZE), curve.take(2 * G1_SIZE)]
    const [scalars, r, s, x] = [curve.take(2 * FR_SIZE), curve.take(FR_SIZE), curve.take(FR_SIZE), curve.take(FR_SIZE)]
    const key = points + G1_SIZE
    curve.readReducedScalar(r, input, 32)
    curve.readReducedScalar(s, input, 64)
    if (fn._mclBnFr_isZero(r) === 1 || fn._mclBnFr_isZero(s) === 1) throw new InvalidElement('r and s are not zero')
    for (let i = 0; i < 2; i++) {
      curve.readField(points + i * FP_SIZE, GENERATOR, 32 * i)
      curve.readField(key + i * FP_SIZE, input, 96 + 32 * i)
    }
    curve.completeG1(points)
    curve.completeG1(key)
    if (fn._mclBnG1_isZero(key) === 1) throw new InvalidElement('the key is the point at infinity')
    curve.readScalar(scalars, input, 0)
    fn._mclBnFr_inv(s, s)
    fn._mclBnFr_mul(scalars, scalars, s)
    fn._mclBnFr_mul(scalars + FR_SIZE, r, s)
    fn._mclBnG1_mulVec(sum, points, scalars, 2)
    if (fn._mclBnG1_isZero(sum) === 1) return false
    fn._mclBnG1_normalize(sum, sum)
    curve.fieldToScalar(x, sum)
    return fn._mclBnFr_isEqual(x, r) === 1
  }
}
