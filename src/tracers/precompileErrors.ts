import { createHash } from 'node:crypto'

// Why a precompiled contract failed, in go-ethereum's words. The core says only that it did: which of its checks comes first is
// found by making them again.

const BN254_P = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n
const BLS_P = 0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaabn

/** `input`: in hexadecimal. */
export function precompileError(id: number, input: string): string {
  const bytes = Buffer.from(input.slice(2), 'hex')
  switch (id) {
    case 0x05:
      return 'one or more of base/exponent/modulus length exceeded 1024 bytes'
    case 0x06:
      return bn254Points(padded(bytes, 128), [0, 64])
    case 0x07:
      return bn254Points(padded(bytes, 96), [0])
    case 0x08:
      return bn254Pairing(bytes)
    case 0x09:
      return bytes.length === 213 ? 'invalid final flag' : 'invalid input length'
    case 0x0a:
      return kzg(bytes)
    default:
      return bls12381(id, bytes)
  }
}

const padded = (bytes: Buffer, length: number): Buffer =>
  Buffer.concat([bytes, Buffer.alloc(length)]).subarray(0, length)
const number = (bytes: Buffer, at: number, length: number): bigint => {
  const hex = bytes.toString('hex', at, at + length)
  return hex === '' ? 0n : BigInt(`0x${hex}`)
}

const NOT_CANONICAL = 'invalid fp.Element encoding'
const OFF_CURVE = 'point is not on curve'

function bn254Points(bytes: Buffer, starts: number[]): string {
  for (const at of starts) {
    const [x, y] = [number(bytes, at, 32), number(bytes, at + 32, 32)]
    if (x >= BN254_P || y >= BN254_P) return NOT_CANONICAL
    if ((x !== 0n || y !== 0n) && (y * y - x * x * x - 3n) % BN254_P !== 0n) return OFF_CURVE
  }
  return OFF_CURVE
}

/** Of the points of G2 only the range of the coordinates is looked at: what fails otherwise is off the curve as a rule. */
function bn254Pairing(bytes: Buffer): string {
  if (bytes.length % 192 !== 0) return 'bad elliptic curve pairing size'
  for (let at = 0; at < bytes.length; at += 192) {
    const [x, y] = [number(bytes, at, 32), number(bytes, at + 32, 32)]
    if (x >= BN254_P || y >= BN254_P) return NOT_CANONICAL
    if ((x !== 0n || y !== 0n) && (y * y - x * x * x - 3n) % BN254_P !== 0n) return OFF_CURVE
    for (let part = 64; part < 192; part += 32) if (number(bytes, at + part, 32) >= BN254_P) return NOT_CANONICAL
  }
  return OFF_CURVE
}

function kzg(bytes: Buffer): string {
  if (bytes.length !== 192) return 'invalid input length'
  const hash = createHash('sha256').update(bytes.subarray(96, 144)).digest()
  hash[0] = 1
  if (!hash.equals(bytes.subarray(0, 32))) return 'mismatched versioned hash'
  return `error verifying kzg proof: ${proofError(bytes)}`
}

const BLS_ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n

/** What is wrong with value, point, commitment or proof: the first in this order. Points are not checked for their subgroup. */
function proofError(bytes: Buffer): string {
  if (number(bytes, 64, 32) >= BLS_ORDER || number(bytes, 32, 32) >= BLS_ORDER) {
    return 'scalar is not canonical when interpreted as a big integer in big-endian'
  }
  return pointError(bytes.subarray(96, 144)) ?? pointError(bytes.subarray(144, 192)) ?? "can't verify opening proof"
}

/** Of a compressed point of G1: three bits, then x. */
function pointError(point: Buffer): string | undefined {
  const mask = (point[0] as number) >> 5
  const rest = Buffer.from(point)
  rest[0] = (point[0] as number) & 31
  const x = number(rest, 0, 48)
  if (mask === 7 || mask === 3 || mask === 1) return 'invalid point encoding'
  if (mask === 0 || mask === 2) return 'short buffer'
  if (mask === 6) return x === 0n ? undefined : 'invalid infinity point encoding'
  if (x >= BLS_P) return NOT_CANONICAL
  return isSquare(x * x * x + 4n) ? undefined : "invalid compressed coordinate: square root doesn't exist"
}

/** By Euler's criterion, modulo BLS_P. */
function isSquare(value: bigint): boolean {
  let [base, exponent, result] = [value % BLS_P, (BLS_P - 1n) / 2n, 1n]
  for (; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % BLS_P
    base = (base * base) % BLS_P
  }
  return result <= 1n
}

/** Length of an input, or of each of its items where there may be several. */
const BLS_SIZES: Readonly<Record<number, { item: number; many?: boolean; fields: number }>> = {
  11: { item: 256, fields: 4 },
  12: { item: 160, many: true, fields: 2 },
  13: { item: 512, fields: 8 },
  14: { item: 288, many: true, fields: 4 },
  15: { item: 384, many: true, fields: 6 },
  16: { item: 64, fields: 1 },
  17: { item: 128, fields: 2 },
}

function bls12381(id: number, bytes: Buffer): string {
  const size = BLS_SIZES[id]
  if (size === undefined) return 'execution failed'
  const { item, many = false, fields } = size
  if (bytes.length === 0 || (many ? bytes.length % item !== 0 : bytes.length !== item)) return 'invalid input length'
  for (let at = 0; at < bytes.length; at += item) {
    for (let field = 0; field < fields; field++) {
      const from = at + 64 * field
      if (number(bytes, from, 16) !== 0n) return 'invalid field element top bytes'
      if (number(bytes, from + 16, 48) >= BLS_P) return NOT_CANONICAL
    }
  }
  return 'invalid point: not on curve'
}
