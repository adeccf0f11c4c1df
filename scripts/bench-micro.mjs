// Runs every micro benchmark (dist/bench/**/*.bench.js) in a process of its own, so that none warms up or spoils another.
// Arguments select by part of the path, options go to each: npm run bench:micro -- keccak --json
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'))
const suites = readdirSync('dist/bench', { recursive: true })
  .filter((file) => file.endsWith('.bench.js') && wanted.every((part) => file.includes(part)))
  .sort()
if (suites.length === 0) {
  console.error(`no benchmark in dist/bench matches '${wanted.join(' ')}'`)
  process.exit(2)
}
let failed = 0
for (const suite of suites) {
  console.error(suite)
  const { status } = spawnSync(process.execPath, [join('dist/bench', suite), ...options], { stdio: 'inherit' })
  if (status !== 0) failed += 1
}
process.exitCode = failed > 0 ? 1 : 0
