// The transaction of a state test, and what of its block is derived.
import { RLP } from '@ethereumjs/rlp'
import { hexToBytes, privateToAddress } from '@ethereumjs/util'
import type { BodyTransaction } from '../block/body.js'
import { keccak256 } from '../wasm/keccak.js'
import { UnusableTestError } from './errors.js'
import { bytes32, type Hex, minimalBytes, type PostEntry, type StateTest, word } from './json.js'

/** EIP-2718 type: of the bytes when the test has them, else by the fields that are there. */
export function typeOf({ transaction: tx }: StateTest, { txbytes, indexes }: PostEntry): number {
  if (txbytes !== undefined && txbytes.length > 2) {
    const first = Number.parseInt(txbytes.slice(2, 4), 16)
    return first < 0xc0 ? first : 0
  }
  if (tx.authorizationList !== undefined) return 4
  if (tx.maxFeePerBlobGas !== undefined || tx.blobVersionedHashes !== undefined) return 3
  if (tx.maxFeePerGas !== undefined) return 2
  return (tx.accessLists?.[indexes.data] ?? null) === null ? 0 : 1
}

/** @throws UnusableTestError */
export function senderOf({ transaction }: StateTest): Uint8Array {
  if (transaction.sender !== undefined) return hexToBytes(transaction.sender)
  if (transaction.secretKey === undefined)
    throw new UnusableTestError('the transaction has neither sender nor secretKey')
  return privateToAddress(bytes32(transaction.secretKey))
}

/**
 * The transaction as it lies in a block. Without bytes in the test it is put together from its fields, with a signature
 * that nobody checks.
 */
export function bodyOf(test: StateTest, entry: PostEntry): BodyTransaction {
  if (entry.txbytes !== undefined && entry.txbytes.length > 2) {
    const bytes = hexToBytes(entry.txbytes)
    return (bytes[0] as number) < 0xc0 ? bytes : (RLP.decode(bytes) as Uint8Array[])
  }
  const { transaction: tx } = test
  const { data, gas, value } = entry.indexes
  const type = typeOf(test, entry)
  const quantity = (hex: string | undefined): Uint8Array => minimalBytes(word(hex))
  const to = tx.to === '' ? new Uint8Array(0) : hexToBytes(tx.to)
  const rest = [quantity(tx.gasLimit[gas]), to, quantity(tx.value[value]), hexToBytes(tx.data[data] as Hex)]
  const one = Uint8Array.of(1)
  if (type === 0) return [quantity(tx.nonce), quantity(tx.gasPrice), ...rest, Uint8Array.of(27), one, one]
  const fees = type === 1 ? [quantity(tx.gasPrice)] : [quantity(tx.maxPriorityFeePerGas), quantity(tx.maxFeePerGas)]
  const access = (tx.accessLists?.[data] ?? []).map((item) => [
    hexToBytes(item.address),
    item.storageKeys.map((key) => bytes32(key)),
  ])
  const fields: unknown[] = [quantity(test.config?.chainid ?? '0x1'), quantity(tx.nonce), ...fees, ...rest, access]
  if (type === 3)
    fields.push(
      quantity(tx.maxFeePerBlobGas),
      (tx.blobVersionedHashes ?? []).map((hash) => hexToBytes(hash)),
    )
  if (type === 4) {
    const authorisations = (tx.authorizationList ?? []).map((auth) => [
      quantity(auth.chainId),
      hexToBytes(auth.address as Hex),
      ...[auth.nonce, auth.yParity ?? auth.v, auth.r, auth.s].map(quantity),
    ])
    fields.push(authorisations)
  }
  const payload = RLP.encode([...fields, new Uint8Array(0), one, one] as never)
  return Uint8Array.from([type, ...payload])
}

/** In state tests the hash of block n is the keccak-256 of n in decimal digits. The parent's comes first. */
export function blockHashes({ env }: StateTest): Map<bigint, Uint8Array> {
  const number = word(env.currentNumber)
  const hashes = new Map<bigint, Uint8Array>()
  for (let n = number - 1n; n >= 0n && n >= number - 256n; n--) {
    hashes.set(n, keccak256(new TextEncoder().encode(n.toString())))
  }
  return hashes
}

/** Wei for a unit of blob gas (EIP-4844, fake_exponential). */
export function blobBaseFee(test: StateTest, fork: string): bigint {
  const schedule = test.config?.blobSchedule?.[fork]
  const fraction = schedule === undefined ? 3338477n : word(schedule.baseFeeUpdateFraction)
  const excess = word(test.env.currentExcessBlobGas)
  let sum = 0n
  let term = fraction
  for (let i = 1n; term > 0n; i++) {
    sum += term
    term = (term * excess) / (fraction * i)
  }
  return sum / fraction
}
