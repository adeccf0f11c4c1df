// Writes fixtures/contracts/<Name>.json: creation code of the contracts that workloads deploy, taken from the artifacts of
// the pinned npm packages or compiled with the pinned solc. Users of the published package have neither at hand.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
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
  ['EntryPoint', '@account-abstraction/contracts', 'artifacts/EntryPoint.json', 'GPL-3.0'],
  ['SimpleAccountFactory', '@account-abstraction/contracts', 'artifacts/SimpleAccountFactory.json', 'MIT'],
  ['Simple7702Account', '@account-abstraction/contracts', 'artifacts/Simple7702Account.json', 'MIT'],
  // The Business Source License of Aave's core-v3 changed to MIT on its change date, 2023-01-27.
  ...[
    'protocol/configuration/PoolAddressesProvider',
    'protocol/configuration/ACLManager',
    'protocol/pool/Pool',
    'protocol/pool/PoolConfigurator',
    'protocol/pool/DefaultReserveInterestRateStrategy',
    'protocol/libraries/logic/BorrowLogic',
    'protocol/libraries/logic/BridgeLogic',
    'protocol/libraries/logic/ConfiguratorLogic',
    'protocol/libraries/logic/EModeLogic',
    'protocol/libraries/logic/FlashLoanLogic',
    'protocol/libraries/logic/LiquidationLogic',
    'protocol/libraries/logic/PoolLogic',
    'protocol/libraries/logic/SupplyLogic',
    'protocol/tokenization/AToken',
    'protocol/tokenization/StableDebtToken',
    'protocol/tokenization/VariableDebtToken',
    'misc/AaveOracle',
  ].map((path) => {
    const name = path.slice(path.lastIndexOf('/') + 1)
    return [name, '@aave/core-v3', `artifacts/contracts/${path}.sol/${name}.json`, 'MIT']
  }),
]
/** Compiled here: on OpenZeppelin, or on nothing. */
const own = readdirSync(new URL('contracts/', import.meta.url))
  .filter((file) => file.endsWith('.sol'))
  .map((file) => file.slice(0, -'.sol'.length))

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

/** `links`: where the addresses of libraries belong, in bytes of the code, by the library's name. */
function write(name, source, license, bytecode, links) {
  const content = { name, source, license, bytecode, ...(links && { links }) }
  writeFileSync(new URL(`${name}.json`, output), `${JSON.stringify(content, null, 2)}\n`)
  console.log(`fixtures/contracts/${name}.json: ${(bytecode.length - 2) / 2} bytes of creation code`)
}

mkdirSync(output, { recursive: true })
for (const [name, packageName, path, license] of artifacts) {
  const artifact = require(`${packageName}/${path}`)
  const { version } = require(`${packageName}/package.json`)
  const code = artifact.evm?.bytecode?.object ?? artifact.bytecode
  const hex = (code.startsWith('0x') ? code : `0x${code}`).replace(/__\$[0-9a-f]{34}\$__/g, '0'.repeat(40))
  write(name, `${packageName}@${version} ${path}`, license, hex, linksOf(artifact))
}
const { version } = require('@openzeppelin/contracts/package.json')
for (const [name, code] of compile(own)) {
  const source = readFileSync(new URL(`contracts/${name}.sol`, import.meta.url), 'utf8')
  const base = source.includes('@openzeppelin/') ? ` on @openzeppelin/contracts@${version}` : ''
  write(name, `scripts/contracts/${name}.sol${base}, solc ${solc.version()}, optimizer 200 runs`, 'MIT', code)
}

function linksOf({ linkReferences = {} }) {
  const links = Object.values(linkReferences).flatMap((libraries) =>
    Object.entries(libraries).map(([library, places]) => [library, places.map(({ start }) => start)]),
  )
  return links.length > 0 ? Object.fromEntries(links) : undefined
}
