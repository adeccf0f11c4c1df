// What the tests of the registries share.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Rules } from '../../src/abi/core.generated.js'
import { packageRoot } from '../../src/blockFiles/index.js'

export const RULES = Object.entries(Rules) as [name: string, rules: Rules][]

/** Numbers of the cases of a function of a file of the core, or of the whole file. */
export function casesIn(file: string, name: string): number[] {
  const source = readFileSync(join(packageRoot(), file), 'utf8')
  const from = source.indexOf(`function ${name}`)
  const body = name === '' ? source : source.slice(from, source.indexOf('\n}\n', from))
  return [...body.matchAll(/case (0x[0-9a-f]+):/g)].map(([, at]) => Number(at))
}
