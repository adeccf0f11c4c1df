// Writes fixtures/contracts/<Name>.json: creation code of the contracts that workloads deploy, taken from the artifacts of
// the pinned npm packages or compiled with the pinned solc. Users of the published package have neither at hand.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import solc from 'solc'

const require = createRequire(import.meta.url)
const output = new URL('../fixtures/contracts/', import.meta.url)
const artifacts = [
  ['UniswapV2Factory', '@uniswap/v2-core', 'build/UniswapV2Factory.json', 'GPL-3.0-or-later'],
  ['UniswapV2Router02', '@uniswap/v2-periphery', 'build/UniswapV2Router02.json', 'GPL-3.0-or-later'],
  ['WETH9', '@uniswap/v2-periphery', 'build/WETH9.json', 'GPL-3.0-or-later'],
  // The Business Source License of v3-core changed to GPL-2.0-or-later on its change date, 2023-04-01.
  [
    'UniswapV3Factory',
    '@uniswap/v3-core',
    'artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json',
    'GPL-2.0-or-later',
  ],
  ['SwapRouter', '@uniswap/v3-periphery', 'artifacts/contracts/SwapRouter.sol/SwapRouter.json', 'GPL-2.0-or-later'],
  [
    'NonfungiblePositionManager',
    '@uniswap/v3-periphery',
    'artifacts/contracts/NonfungiblePositionManager.sol/NonfungiblePositionManager.json',
    'GPL-2.0-or-later',
  ],
]

function compile(names) {
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(
      names.map((name) => [
        `${name}.sol`,
        { content: readFileSync(new URL(`contracts/${name}.sol`, import.meta.url), 'utf8') },
      ]),
    ),
    settings: {
      optimizer: { enabled: true, runs: 200 },
      evmVersion: 'cancun',
      metadata: { bytecodeHash: 'none', appendCBOR: false },
      outputSelection: { '*': { '*': ['evm.bytecode.object'] } },
    },
  }
  const findImport = (path) => ({ contents: readFileSync(require.resolve(path), 'utf8') })
  const result = JSON.parse(solc.compile(JSON.stringify(input), { import: findImport }))
  const errors = (result.errors ?? []).filter((error) => error.severity === 'error')
  if (errors.length > 0) throw new Error(errors.map((error) => error.formattedMessage).join('\n'))
  return names.map((name) => [name, `0x${result.contracts[`${name}.sol`][name].evm.bytecode.object}`])
}

function write(name, source, license, bytecode) {
  writeFileSync(new URL(`${name}.json`, output), `${JSON.stringify({ name, source, license, bytecode }, null, 2)}\n`)
  console.log(`fixtures/contracts/${name}.json: ${(bytecode.length - 2) / 2} bytes of creation code`)
}

mkdirSync(output, { recursive: true })
for (const [name, packageName, path, license] of artifacts) {
  const artifact = require(`${packageName}/${path}`)
  const { version } = require(`${packageName}/package.json`)
  const code = artifact.evm?.bytecode?.object ?? artifact.bytecode
  write(name, `${packageName}@${version} ${path}`, license, code.startsWith('0x') ? code : `0x${code}`)
}
const { version } = require('@openzeppelin/contracts/package.json')
for (const [name, code] of compile(['WorkloadToken', 'Lab'])) {
  const base = name === 'WorkloadToken' ? ` on @openzeppelin/contracts@${version}` : ''
  write(name, `scripts/contracts/${name}.sol${base}, solc ${solc.version()}, optimizer 200 runs`, 'MIT', code)
}
