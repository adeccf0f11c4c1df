// The Python execution specification (EELS), kept running as one process that is asked block after block.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { PlainState } from '../../spectests/plainState.js'
import type { FuzzBlock } from '../blocks.js'
import { EELS_DRIVER } from './eelsDriver.js'
import { OracleFailedError, OracleMissingError } from './errors.js'
import type { Answer, Oracle } from './oracle.js'
import { runProgram, tail } from './process.js'
import { type T8nResponse, t8nAnswer, t8nRequest } from './t8n.js'

/** Its fork `constantinople` is Petersburg: EIP-1283 is not there. Its BPO4 is Osaka, and there is no BPO3. */
const FORKS = new Set([
  ...['Frontier', 'Homestead', 'EIP150', 'EIP158', 'Byzantium', 'ConstantinopleFix', 'Istanbul', 'MuirGlacier'],
  ...['Berlin', 'London', 'ArrowGlacier', 'GrayGlacier', 'Merge', 'Paris', 'Shanghai', 'Cancun', 'Prague', 'Osaka'],
  ...['BPO1', 'BPO2'],
])
const INSTALL = "'pip install ethereum-execution[optimized]==2.20.0' with Python 3.11 or newer"

interface CrashLine {
  crash: string
  where: string[]
}

/** @param python path of the interpreter, or a name that is looked up on PATH */
export async function openEels(python: string): Promise<Oracle> {
  const missing = (why: string, cause?: unknown) =>
    new OracleMissingError('eels', `${why}: ${INSTALL}, then --oracle eels:PYTHON (docs/oracles.md)`, { cause })
  const found = await runProgram(python, ['-c', 'import ethereum_spec_tools.evm_tools.t8n']).catch((cause: unknown) => {
    throw missing(`no program '${python}'`, cause)
  })
  if (found.code !== 0) throw missing(`'${python}' has no ethereum_spec_tools (${tail(found.stderr)})`)
  const session = new Session(python)
  const { version } = JSON.parse(await session.line()) as { version: string }
  return {
    name: 'eels',
    description: `Python specification ${version} (${python})`,
    knows: (fork) => FORKS.has(fork),
    run: (state, block) => session.run(state, block),
    close: () => session.close(),
  }
}

class Session {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #lines: AsyncIterator<string>
  readonly #ended: Promise<void>
  #stderr = ''
  /** Invariant: one question at a time, so that the next line is the answer to the last question. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(python: string) {
    // Detached: Ctrl-C ends the search after the block. It ends with its input when we are gone.
    this.#child = spawn(python, ['-u', '-c', EELS_DRIVER], { stdio: 'pipe', detached: true })
    this.#ended = new Promise((resolve) => this.#child.once('close', () => resolve()))
    this.#child.on('error', (error) => {
      this.#stderr += error.message
    })
    this.#child.stdin.on('error', () => {})
    this.#child.stderr.on('data', (bytes: Buffer) => {
      this.#stderr = (this.#stderr + bytes).slice(-2000)
    })
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  async line(): Promise<string> {
    const { value, done } = await this.#lines.next()
    if (!done) return value
    await this.#ended
    throw new OracleFailedError('eels', `the process ended: ${tail(this.#stderr)}`)
  }

  run(state: PlainState, block: FuzzBlock): Promise<Answer> {
    const answer = this.#last.then(() => this.#ask(state, block))
    this.#last = answer.catch(() => {})
    return answer
  }

  async #ask(state: PlainState, block: FuzzBlock): Promise<Answer> {
    this.#child.stdin.write(`${block.fork}\n${JSON.stringify(t8nRequest(state, block))}\n`)
    const response = JSON.parse(await this.line()) as T8nResponse | CrashLine
    if (!('crash' in response)) return t8nAnswer(response)
    return { kind: 'crash', reason: `${response.crash} at ${response.where.join(', ')}` }
  }

  async close(): Promise<void> {
    await this.#last
    this.#child.stdin.end()
    await this.#ended
  }
}
