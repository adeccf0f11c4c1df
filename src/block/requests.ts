// Requests of the execution layer to the consensus layer (EIP-7685).
import { type Common, Mainnet } from '@ethereumjs/common'
import { hexToBytes } from '@ethereumjs/util'
import { sha256 } from '@noble/hashes/sha2.js'
import type { OutcomeLog } from '../abi/outcome.js'
import { hex, toBigInt } from '../bytes.js'
import { ParallevmError } from '../errors.js'

const DEPOSIT_REQUEST = 0
/** keccak-256 of DepositEvent(bytes,bytes,bytes,bytes,bytes). */
const DEPOSIT_TOPIC = '649bbc62d0e31342afea4e5cd82d4049e7e1ee912fc0889aa790803be39038c5'
const DEPOSIT_LOG_BYTES = 576
/** Offset in the log's data and size of: public key, withdrawal credentials, amount, signature, index (EIP-6110). */
const DEPOSIT_FIELDS: readonly [offset: number, size: number][] = [
  [160, 48],
  [256, 32],
  [320, 8],
  [384, 96],
  [512, 8],
]
const DEPOSIT_BYTES = 192

/** A log of the deposit contract that is not laid out as EIP-6110 wants: the block is invalid. */
export class DepositLogError extends ParallevmError {
  constructor(message: string) {
    super('INVALID_DEPOSIT_LOG', message)
  }
}

const contracts = new WeakMap<Common, Uint8Array>()

/** Address of the deposit contract; undefined where its logs are no requests (EIP-6110). */
export function depositContract(common: Common): Uint8Array | undefined {
  if (!common.isActivatedEIP(6110)) return undefined
  let contract = contracts.get(common)
  if (contract === undefined) {
    const chain = (common as unknown as { _chainParams: { depositContractAddress?: `0x${string}` } })._chainParams
    contract = hexToBytes(chain.depositContractAddress ?? Mainnet.depositContractAddress!)
    contracts.set(common, contract)
  }
  return contract
}

/**
 * The deposit request of a block: type byte, then every deposit in the order of the logs.
 *
 * @param contract 20 bytes
 * @throws DepositLogError
 */
export function depositRequest(logs: Iterable<OutcomeLog>, contract: Uint8Array): Uint8Array {
  const owner = hex(contract)
  const deposits: Uint8Array[] = []
  for (const [address, topics, data] of logs) {
    if (topics.length > 0 && hex(topics[0]!) === DEPOSIT_TOPIC && hex(address) === owner) deposits.push(deposit(data))
  }
  const request = new Uint8Array(1 + DEPOSIT_BYTES * deposits.length)
  request[0] = DEPOSIT_REQUEST
  for (const [index, bytes] of deposits.entries()) request.set(bytes, 1 + DEPOSIT_BYTES * index)
  return request
}

function deposit(data: Uint8Array): Uint8Array {
  if (data.length !== DEPOSIT_LOG_BYTES) {
    throw new DepositLogError(`a deposit log has ${data.length} bytes of data, not ${DEPOSIT_LOG_BYTES}`)
  }
  const out = new Uint8Array(DEPOSIT_BYTES)
  let at = 0
  for (const [field, [offset, size]] of DEPOSIT_FIELDS.entries()) {
    if (word(data, 32 * field) !== BigInt(offset) || word(data, offset) !== BigInt(size)) {
      throw new DepositLogError(`field ${field} of a deposit log is not ${size} bytes at offset ${offset}`)
    }
    out.set(data.subarray(offset + 32, offset + 32 + size), at)
    at += size
  }
  return out
}

/** Hash of the requests, empty ones left out (EIP-7685). */
export function requestsHash(requests: readonly Uint8Array[]): Uint8Array {
  const hashes = sha256.create()
  for (const request of requests) if (request.length > 1) hashes.update(sha256(request))
  return hashes.digest()
}

function word(bytes: Uint8Array, at: number): bigint {
  return toBigInt(bytes.subarray(at, at + 32))
}
