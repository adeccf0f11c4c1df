import type { CustomCrypto } from '@ethereumjs/common'
import { setLengthLeft } from '@ethereumjs/util'
import type { BlockRequest } from '../abi/blockRequest.js'
import {
  FLAG_ASYNC,
  FLAG_TX_ROOTS,
  OUTCOME_INVALID,
  SENDER_BATCH_LANES,
  SENDER_INVALID,
  SENDER_UNKNOWN,
  Task,
} from '../abi/core.generated.js'
import { encodeOutcome } from '../abi/outcome.js'
import { type BodyTransaction, bodyOf } from '../block/body.js'
import type { ChainRules } from '../block/common.js'
import { decodeWork } from '../block/decode.js'
import { evmPrecompiles } from '../block/evmPrecompiles.js'
import { pointEvaluationOnly } from '../block/executingCommon.js'
import { activeCurves, loadCurves } from '../crypto/curves.js'
import { EthereumjsEngine, type Indexed } from '../ethereumjs/engine.js'
import type { Setup } from '../setup/setupModule.js'
import type { BlockCore } from '../wasm/blockCore.js'
import { CoreBn254 } from '../wasm/bn254.js'
import type { Core } from '../wasm/core.js'
import { recoverPublicKey, sha256 } from '../wasm/crypto.js'
import { keccak256 } from '../wasm/keccak.js'
import { CoreTxState } from '../wasm/txState.js'
import { Suspended } from '../wasm/txStatePort.js'
import { ParkedPost } from './parkedPost.js'
import type { StageClock } from './stageClock.js'
import { type EngineEnd, keepRootAfter, type PostMissing, type WorkerEngine } from './workerEngine.js'

/** Makes the @ethereumjs engine of this worker. */
export async function createEthereumjsEngine(
  rules: ChainRules,
  { customCrypto: own, precompiles }: Setup,
  block: BlockCore,
  post: PostMissing,
): Promise<WorkerEngine> {
  await loadCurves()
  const { bls, verifyPointEvaluation } = activeCurves()
  const bn254 = new CoreBn254(block.core)
  const kzg = pointEvaluationOnly(verifyPointEvaluation)
  const customCrypto = { kzg, ...cryptoOf(block.core), ...own }
  return new EthereumjsWorkerEngine(
    block,
    new EthereumjsEngine(rules, { customCrypto, evm: { bn254, bls, customPrecompiles: evmPrecompiles(precompiles) } }),
    post,
  )
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

/** The engine of @ethereumjs over the request and the versioned state in shared memory. */
class EthereumjsWorkerEngine implements WorkerEngine {
  readonly #block: BlockCore
  readonly #state: CoreTxState
  readonly #engine: EthereumjsEngine
  readonly #parked: ParkedPost
  #request: BlockRequest | undefined

  constructor(block: BlockCore, engine: EthereumjsEngine, post: PostMissing) {
    this.#block = block
    this.#state = new CoreTxState(block)
    this.#engine = engine
    this.#parked = new ParkedPost(post)
  }

  async beginBlock(request: BlockRequest): Promise<void> {
    this.#request = request
    const length = request.count
    const transactions: Indexed<BodyTransaction> = { length, at: (index) => bodyOf(request.transaction(index)) }
    const senders: Indexed<Uint8Array> = { length, at: (index) => request.sender(index) }
    await this.#engine.beginBlock({
      hardfork: request.hardfork(),
      ...decodeWork(request.parts()),
      transactions,
      senders,
      blockHashes: request.blockHashes(),
    })
  }

  recoverSenders(): void {
    const request = this.#request as BlockRequest
    for (;;) {
      const { first, end } = request.takeSenders()
      if (first === end) return
      for (let index = first; index < end; index++) this.#hasSender(request, index)
    }
  }

  #hasSender(request: BlockRequest, index: number): boolean {
    if (request.senderState(index) === SENDER_UNKNOWN) request.setSender(index, this.#engine.recoverSender(index))
    return request.senderState(index) !== SENDER_INVALID
  }

  /** The executor does it: threads of this engine have long left what they would share. */
  hashRest(): void {}

  async run(clock: StageClock): Promise<EngineEnd> {
    const request = this.#request as BlockRequest
    const { exports } = this.#block
    clock.during('senders', () => this.recoverSenders())
    for (;;) {
      const index = this.#block.nextTask()
      if (index < 0) this.#parked.flush()
      if (index === Task.DONE) return 'over'
      if (index === Task.AHEAD) {
        clock.during('ahead', () => exports.recoverAhead(SENDER_BATCH_LANES))
        continue
      }
      if (index === Task.KEYS) {
        clock.during('root', exports.hashKeys)
        continue
      }
      if (index === Task.WAIT) {
        clock.during('waiting', exports.waitForTask)
        continue
      }
      if (index < 0) return 'failed'
      this.#state.begin(index)
      try {
        this.#block.txEnd(await this.#execute(request, index))
      } catch (error) {
        if (!(error instanceof Suspended)) throw error
        this.#suspend(request, index, error.reason === 'missing' && (request.flags & FLAG_ASYNC) !== 0)
        continue
      }
      const isTransaction = index > 0 && index <= request.count
      if (request.flags & FLAG_TX_ROOTS && isTransaction) keepRootAfter(this.#block, request, index)
    }
  }

  async #execute(request: BlockRequest, index: number): Promise<Uint8Array> {
    // Another worker may still be recovering it: doing it twice is cheaper than waiting.
    if (index > 0 && index <= request.count && !this.#hasSender(request, index - 1)) {
      return encodeOutcome({
        kind: OUTCOME_INVALID,
        rule: 'MALFORMED_TRANSACTION',
        message: 'it does not decode, or its signature recovers to no address',
      })
    }
    return await this.#engine.execute(this.#state, index)
  }

  #suspend(request: BlockRequest, index: number, fetch: boolean): void {
    // Asked for before the transaction is given up: afterwards another thread may run it again.
    const missing = fetch ? this.#block.lastMissing() : undefined
    this.#block.exports.txSuspend()
    if (missing !== undefined) this.#parked.add(request.serial, index, [missing], this.#block.isSure())
  }
}
