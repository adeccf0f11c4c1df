import { pathToFileURL } from 'node:url'
import type { CustomCrypto } from '@ethereumjs/common'
import { RLP } from '@ethereumjs/rlp'
import { setLengthLeft } from '@ethereumjs/util'
import { ParallevmError } from '../errors.js'
import { decodeBlock, workInputOf } from '../ethereumjs/decodeBlock.js'
import { EthereumjsEngine, type Indexed } from '../ethereumjs/engine.js'
import type { BodyTransaction } from '../ethereumjs/transactions.js'
import { type BlockRequest, SENDER_INVALID } from '../executor/request.js'
import { encodeOutcome, OUTCOME_INVALID } from '../receipts/outcome.js'
import type { Core } from '../wasm/core.js'
import { recoverPublicKey, sha256 } from '../wasm/crypto.js'
import { keccak256 } from '../wasm/keccak.js'
import type { CoreTxState } from '../wasm/txState.js'
import type { WorkerEngine } from './blockWorker.js'
import type { WorkerSetup } from './protocol.js'

/** The module given as `workerSetup` cannot be used. */
export class WorkerSetupError extends ParallevmError {
  constructor(url: string, problem: string, options?: ErrorOptions) {
    super('WORKER_SETUP_FAILED', `workerSetup module ${url} ${problem}`, options)
  }
}

/** Makes the engine of this worker. @throws WorkerSetupError */
export async function createWorkerEngine(setup: WorkerSetup, core: Core): Promise<WorkerEngine> {
  const own = setup.setupModule === undefined ? {} : await importSetup(setup.setupModule)
  const customCrypto = { ...cryptoOf(core), ...own }
  return new EthereumjsWorkerEngine(new EthereumjsEngine(setup.rules, { customCrypto }))
}

/** The hot cryptography of @ethereumjs on this worker's instance of the core. */
function cryptoOf(core: Core): CustomCrypto {
  return {
    keccak256: (message) => keccak256(message, core),
    sha256: (message) => sha256(message, core),
    ecrecover(hash, v, r, s, chainId) {
      const id = v < 2n ? v : v - (chainId === undefined ? 27n : chainId * 2n + 35n)
      const valid = id === 0n || id === 1n
      const key = valid && recoverPublicKey(hash, setLengthLeft(r, 32), setLengthLeft(s, 32), Number(id), core)
      if (!key) throw new Error('the signature recovers to no public key')
      return key
    },
  }
}

async function importSetup(url: string): Promise<CustomCrypto> {
  let module: { customCrypto?: CustomCrypto }
  try {
    module = await import(url.startsWith('/') ? pathToFileURL(url).href : url)
  } catch (cause) {
    throw new WorkerSetupError(url, `cannot be imported: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
  if (module.customCrypto === undefined) throw new WorkerSetupError(url, 'must export `customCrypto`')
  return module.customCrypto
}

/** The engine of @ethereumjs over the request in shared memory. */
class EthereumjsWorkerEngine implements WorkerEngine {
  readonly #engine: EthereumjsEngine
  #request: BlockRequest | undefined

  constructor(engine: EthereumjsEngine) {
    this.#engine = engine
  }

  async beginBlock(request: BlockRequest): Promise<void> {
    this.#request = request
    const decoded = decodeBlock(request.block())
    const length = request.count
    const transactions: Indexed<BodyTransaction> = { length, at: (index) => bodyOf(request.transaction(index)) }
    const senders: Indexed<Uint8Array> = { length, at: (index) => request.sender(index) }
    await this.#engine.beginBlock({
      hardfork: request.hardfork(),
      header: decoded.header,
      transactions,
      senders,
      ...workInputOf(decoded),
      blockHashes: request.blockHashes(),
    })
  }

  recoverSender(index: number): Uint8Array | undefined {
    return this.#engine.recoverSender(index)
  }

  async execute(state: CoreTxState, index: number): Promise<Uint8Array> {
    const request = this.#request as BlockRequest
    if (index > 0 && index <= request.count && request.senderState(index - 1) === SENDER_INVALID) {
      return encodeOutcome({
        kind: OUTCOME_INVALID,
        rule: 'MALFORMED_TRANSACTION',
        message: 'it does not decode, or its signature recovers to no address',
      })
    }
    return await this.#engine.execute(state, index)
  }
}

/** A legacy transaction is a list in the block body, a typed one a byte string. */
function bodyOf(transaction: Uint8Array): BodyTransaction {
  return (transaction[0] as number) >= 0xc0 ? (RLP.decode(transaction) as Uint8Array[]) : transaction
}
