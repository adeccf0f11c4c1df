// Oracles by what a person writes: a name, with the place of its program or without.
import { openEels } from './eels.js'
import { ethereumjsOracle } from './ethereumjs.js'
import { openGeth } from './geth.js'
import { ORACLE_NAMES, type Oracle, type OracleName } from './oracle.js'

export interface OracleChoice {
  name: OracleName
  /** Of go-ethereum's evm, or of the Python that has the specification. */
  path?: string
}

/** @returns undefined when it names no oracle */
export function parseOracle(text: string): OracleChoice | undefined {
  const [, named, path] = /^(\w+)(?::(.+))?$/.exec(text) ?? []
  const name = ORACLE_NAMES.find((each) => each === named)
  if (name === undefined || (name === 'ethereumjs' && path !== undefined)) return undefined
  return path === undefined ? { name } : { name, path }
}

/** Found by its path, else by PARALLEVM_GETH_EVM or PARALLEVM_EELS_PYTHON, else on PATH. @throws OracleMissingError */
async function open({ name, path }: OracleChoice): Promise<Oracle> {
  const { PARALLEVM_GETH_EVM, PARALLEVM_EELS_PYTHON } = process.env
  if (name === 'geth') return openGeth(path ?? PARALLEVM_GETH_EVM ?? 'evm')
  if (name === 'eels') return openEels(path ?? PARALLEVM_EELS_PYTHON ?? 'python3')
  return ethereumjsOracle
}

/** All or none. @throws OracleMissingError */
export async function openOracles(choices: readonly OracleChoice[]): Promise<Oracle[]> {
  const opened: Oracle[] = []
  try {
    for (const choice of choices) opened.push(await open(choice))
    return opened
  } catch (error) {
    await closeOracles(opened)
    throw error
  }
}

export async function closeOracles(oracles: readonly Oracle[]): Promise<void> {
  for (const oracle of oracles) await oracle.close()
}
