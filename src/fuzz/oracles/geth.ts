// go-ethereum's `evm t8n`: a process for each block.
import { hasFork } from '../../spectests/forks.js'
import type { PlainState } from '../../spectests/plainState.js'
import type { FuzzBlock } from '../blocks.js'
import { OracleFailedError, OracleMissingError } from './errors.js'
import type { Answer, Oracle } from './oracle.js'
import { runProgram, tail } from './process.js'
import { blockReward, type T8nResponse, t8nAnswer, t8nRequest } from './t8n.js'

const STREAMS = ['alloc', 'env', 'txs'].map((name) => `--input.${name}=stdin`)
const OUTPUT = ['--output.alloc=stdout', '--output.result=stdout']
const SYSTEM_CALL_FAILED = /failed to process post-execution: (.*)/
const INSTALL = 'go install github.com/ethereum/go-ethereum/cmd/evm@v1.17.10'

/** @param file path of the program, or a name that is looked up on PATH */
export async function openGeth(file: string): Promise<Oracle> {
  const missing = (why: string, cause?: unknown) =>
    new OracleMissingError('geth', `${why}: '${INSTALL}', then --oracle geth:EVM (docs/oracles.md)`, { cause })
  const found = await runProgram(file, ['--version']).catch((cause: unknown) => {
    throw missing(`no program '${file}'`, cause)
  })
  const version = /^evm version (\S+)/.exec(found.stdout)?.[1]
  if (version === undefined) throw missing(`'${file}' is not the evm of go-ethereum`)
  const forks = new Set(forksOf((await runProgram(file, ['t8n', '--help'])).stdout))
  return {
    name: 'geth',
    description: `go-ethereum evm ${version} (${file})`,
    // The change of the state by the DAO fork happens there only in block 5 of a transition.
    knows: (fork) => hasFork(fork) && fork !== 'Dao' && forks.has(fork),
    run: (state, block) => runBlock(file, state, block),
    async close() {},
  }
}

/** The names that the help of t8n lists. */
function forksOf(help: string): string[] {
  const [, names = ''] = /Available forknames:([\s\S]*?)Available extra eips/.exec(help) ?? []
  return names.trim().split(/\s+/)
}

async function runBlock(file: string, state: PlainState, block: FuzzBlock): Promise<Answer> {
  const { txs, ...rest } = t8nRequest(state, block)
  const input = JSON.stringify({ ...rest, txsRlp: txs })
  // -1: nobody is paid. 0 would touch the account.
  const {
    fork,
    rules: { chain },
  } = block
  const rules = [
    `--state.fork=${fork}`,
    `--state.chainid=${chain.chainId}`,
    `--state.reward=${blockReward(block) ?? -1n}`,
  ]
  const { code, stdout, stderr } = await runProgram(file, ['t8n', ...STREAMS, ...OUTPUT, ...rules], input)
  if (code === 0) return t8nAnswer(parse(stdout))
  const reason = SYSTEM_CALL_FAILED.exec(stderr)?.[1]
  if (reason !== undefined) return { kind: 'refused', reason }
  return { kind: 'crash', reason: `exit code ${code}: ${tail(stderr)}` }
}

function parse(text: string): T8nResponse {
  try {
    return JSON.parse(text) as T8nResponse
  } catch (cause) {
    throw new OracleFailedError('geth', `not JSON: ${text.slice(0, 200)}`, { cause })
  }
}
