// Official state tests: one transaction on a given pre-state under one fork, executed by one engine on one thread.

import { RLP } from '@ethereumjs/rlp'
import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import { BlockMode, O_CODE, OUTCOME_INVALID, OUTCOME_SUCCESS, OUTCOME_WORK, Source } from '../abi/core.generated.js'
import { decodeOutcome } from '../abi/outcome.js'
import { loadCurves } from '../crypto/curves.js'
import type { EngineName } from '../types.js'
import { BlockCore } from '../wasm/blockCore.js'
import { Core } from '../wasm/core.js'
import type { WasmModule } from '../wasm/host.js'
import { compile, createMemory, instantiate } from '../wasm/instance.js'
import { keccak256 } from '../wasm/keccak.js'
import { adoptRoot, beginRoot, dropRoot, prepareRootFromBase, rootResult, rootWork } from '../wasm/stateRoot.js'
import { compileTracing, stepStream, type Tracer, traceImports, WANTS_OF_STEPS, wantEvents } from '../wasm/tracing.js'
import { bytes32, type Hex, type PostEntry, type StateTest, type TestState, word } from './json.js'
import { PlainState } from './plainState.js'
import { refusedAsExpected } from './refusals.js'
import { EthereumjsRunner } from './runEthereumjs.js'
import type { StateTestRunner } from './runner.js'
import { WasmRunner } from './runWasm.js'
import { firstDifference } from './stateDifference.js'

export interface StateTestResult {
  /** Root after the transaction, 32 bytes. */
  stateRoot: Uint8Array
  /** 0 for a refused transaction. */
  gasUsed: bigint
  /** Milliseconds of the transaction itself. */
  ms: number
  /** Why it does not agree with the test; undefined when it does. */
  failure: string | undefined
}

/** Accounts of earlier tests stay in the tables, as absent ones: a machine is replaced before they are many. */
const TESTS_PER_CORE = 200

/** A core of one thread. Outside the pre-state of the running test nothing exists. */
export class StateTestMachine {
  readonly #engine: EngineName
  readonly #module: WasmModule
  readonly #tracer: Tracer | undefined
  #block!: BlockCore
  #runner!: StateTestRunner
  #tests = 0

  constructor(engine: EngineName, tracing?: { module: WasmModule; tracer: Tracer }) {
    this.#engine = engine
    this.#module = tracing?.module ?? compile()
    this.#tracer = tracing?.tracer
    this.#renew()
  }

  /** A machine with the core's EVM that tells the tracer every step of every transaction. */
  static async tracing(tracer: Tracer): Promise<StateTestMachine> {
    return new StateTestMachine('wasm', { module: await compileTracing(), tracer })
  }

  #renew(): void {
    const memory = createMemory()
    const imports = this.#tracer && traceImports(() => core, stepStream(this.#tracer))
    const core: Core = new Core(memory, instantiate(this.#module, memory, imports))
    this.#block = new BlockCore(core, 0)
    if (this.#tracer !== undefined) wantEvents(this.#block, WANTS_OF_STEPS)
    this.#block.initTables(1n)
    this.#block.setSource(Source.CLOSED)
    this.#runner = this.#engine === 'wasm' ? new WasmRunner(this.#block) : new EthereumjsRunner(this.#block)
    this.#tests = 0
  }

  /**
   * Runs one entry of a test.
   * @throws UnusableTestError, EngineError, OutOfSpaceError; the machine can be used on
   */
  async run(test: StateTest, fork: string, entry: PostEntry): Promise<StateTestResult> {
    if (this.#tests++ === TESTS_PER_CORE) this.#renew()
    try {
      return await this.#once(test, fork, entry)
    } catch (error) {
      this.#renew()
      throw error
    }
  }

  async #once(test: StateTest, fork: string, entry: PostEntry): Promise<StateTestResult> {
    const { core, exports } = this.#block
    if (this.#engine === 'ethereumjs') await loadCurves()
    this.#setState(test.pre)
    prepareRootFromBase(core)
    rootWork(core)
    rootResult(core)
    adoptRoot(core)

    this.#block.blockBegin(1, 1, BlockMode.SEQUENTIAL)
    this.#block.nextTask()
    const run = await this.#runner.prepare(test, fork, entry)
    const start = performance.now()
    const bytes = await run()
    const ms = performance.now() - start
    this.#block.nextTask()
    beginRoot(core)
    rootWork(core)
    const stateRoot = rootResult(core)
    const diff = this.#block.readDiff()
    dropRoot(core)
    exports.abandonBlock()
    exports.setStateTrie(0)
    this.#clearState(test.pre)

    const verdict = judge(bytes, entry)
    let { failure } = verdict
    if (failure === undefined && bytesToHex(stateRoot) !== entry.hash) {
      failure = `state root is ${bytesToHex(stateRoot)}, not ${entry.hash}`
      if (entry.state !== undefined) {
        const post = PlainState.of(test.pre)
        post.apply(diff)
        failure += ` (${firstDifference(PlainState.of(entry.state), post) ?? 'although the accounts are as expected'})`
      }
    }
    return { stateRoot, gasUsed: verdict.gasUsed, ms, failure }
  }

  #setState(state: TestState): void {
    for (const [hex, { nonce, balance, code: codeHex, storage }] of Object.entries(state)) {
      const [address, code] = [hexToBytes(hex as Hex), hexToBytes(codeHex)]
      const account = { nonce: word(nonce), balance: word(balance), codeHash: keccak256(code), code }
      this.#block.setBaseAccount(address, account)
      for (const [key, value] of Object.entries(storage)) {
        this.#block.setBaseSlot(address, bytes32(key as Hex), bytes32(value))
      }
    }
  }

  #clearState(state: TestState): void {
    for (const [hex, { storage }] of Object.entries(state)) {
      const address = hexToBytes(hex as Hex)
      this.#block.setBaseAccount(address, undefined)
      for (const key of Object.keys(storage)) this.#block.setBaseSlot(address, bytes32(key as Hex), NO_VALUE)
    }
  }
}

const NO_VALUE = new Uint8Array(32)

function judge(bytes: Uint8Array | undefined, entry: PostEntry): { gasUsed: bigint; failure: string | undefined } {
  const { expectException } = entry
  const outcome = bytes && decodeOutcome(bytes)
  if (outcome === undefined || outcome.kind === OUTCOME_INVALID) {
    return { gasUsed: 0n, failure: judgeRefusal(outcome, bytes, expectException) }
  }
  if (outcome.kind === OUTCOME_WORK) throw new TypeError('the outcome of a transaction is that of block work')
  const { gasUsed, logs } = outcome
  const ended = `${outcome.kind === OUTCOME_SUCCESS ? 'success' : outcome.error}, gas ${gasUsed}`
  if (expectException !== undefined) return { gasUsed, failure: `accepted (${ended}), but breaks ${expectException}` }
  const logsHash = bytesToHex(keccak256(RLP.encode(logs)))
  const failure = logsHash === entry.logs ? undefined : `hash of logs is ${logsHash}, not ${entry.logs} (${ended})`
  return { gasUsed, failure }
}

function judgeRefusal(
  outcome: (ReturnType<typeof decodeOutcome> & { kind: typeof OUTCOME_INVALID }) | undefined,
  bytes: Uint8Array | undefined,
  expected: string | undefined,
): string | undefined {
  const why = outcome === undefined ? 'more gas than the block has' : `${outcome.rule}: ${outcome.message}`
  if (expected === undefined) return `refused although it is valid (${why})`
  if (outcome === undefined) {
    return refusedAsExpected(expected, 'INVALID_TRANSACTION') ? undefined : `refused (${why}), not for ${expected}`
  }
  // The core leaves its exact reason in the outcome.
  const code = bytes?.[O_CODE] ?? 0
  return refusedAsExpected(expected, code === 0 ? outcome.rule : code)
    ? undefined
    : `refused (${why}), not for ${expected}`
}
