// Writes fixtures/blocks/<name>.json.gz: the workloads that come with the package, each a complete witness case.
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot, writeWitnessCase } from '../src/blockFiles/index.js'
import { generateWorkload, type WorkloadKind } from '../src/workloads/index.js'
import { LISTED } from '../test/support/bundled.js'
import { checkByGeth, listedBlock } from './listedBlock.js'

const BUNDLE: [name: string, kind: WorkloadKind, gas: number, seed: number][] = [
  ['transfers', 'transfers', 15_000_000, 1],
  ['transfers-hot', 'transfers-hot', 8_000_000, 1],
  ['erc20-many', 'erc20-many', 20_000_000, 1],
  ['erc20-one', 'erc20-one', 15_000_000, 1],
  ['erc20-hot', 'erc20-hot', 8_000_000, 1],
  ['uniswap-v2-many', 'uniswap-v2-many', 20_000_000, 1],
  ['uniswap-v2-one', 'uniswap-v2-one', 10_000_000, 1],
  ['uniswap-v3-many', 'uniswap-v3-many', 20_000_000, 1],
  ['uniswap-v3-one', 'uniswap-v3-one', 10_000_000, 1],
  ['mainnet-mix', 'mainnet-mix', 30_000_000, 1],
  ['mainnet-mix-small', 'mainnet-mix', 5_000_000, 2],
]

const folder = join(packageRoot(), 'fixtures', 'blocks')
mkdirSync(folder, { recursive: true })
let total = 0
for (const [name, kind, gas, seed] of BUNDLE) {
  const start = performance.now()
  const made = await generateWorkload({ kind, gas, seed })
  const file = join(folder, `${name}.json.gz`)
  writeWitnessCase({ ...made, name }, file)
  const { size } = statSync(file)
  total += size
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(
    `${name}: ${made.senders?.length} transactions, ${made.expected.gasUsed} gas, ${size} bytes, ${seconds} s`,
  )
}
const listed = await listedBlock()
const file = join(folder, `${LISTED}.json.gz`)
writeWitnessCase(listed, file)
total += statSync(file).size
console.log(`${LISTED}: ${listed.expected.gasUsed} gas, ${statSync(file).size} bytes`)
console.log(`total ${total} bytes`)
const { PARALLEVM_GETH_EVM: evm } = process.env
console.log(
  evm
    ? `${LISTED}: ${await checkByGeth(listed, evm)} agrees`
    : `${LISTED}: not checked, PARALLEVM_GETH_EVM names no evm`,
)
