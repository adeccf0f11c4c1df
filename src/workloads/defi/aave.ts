// A market of Aave V3, deployed as its own scripts do it: addresses, access, pool and configurator behind proxies, reserves.
import { type AbiValue, dynamicBytes, dynamicTuple } from '../abi.js'
import { Token } from '../token.js'
import { plainAddress } from '../wallet.js'
import type { World } from '../world.js'

/** 10^27, the unit of rates. */
const RAY = 10n ** 27n
/** Prices have 8 digits. */
export const PRICE = 10n ** 8n
const ZERO = new Uint8Array(20)
const PERCENT = 100n
const LIBRARIES = [
  'BorrowLogic',
  'BridgeLogic',
  'ConfiguratorLogic',
  'EModeLogic',
  'FlashLoanLogic',
  'LiquidationLogic',
  'PoolLogic',
  'SupplyLogic',
] as const

export interface Reserve {
  token: Token
  /** Its price, which the deployer may change. */
  feed: Uint8Array
}

export interface Market {
  pool: Uint8Array
  reserves: Reserve[]
}

export async function deployAave(world: World, count: number): Promise<Market> {
  const { deployer } = world
  for (const library of LIBRARIES) await world.deploy(library)
  const addresses = await world.deploy('PoolAddressesProvider', dynamicBytes('Workload'), deployer)
  await world.call(addresses, 'setACLAdmin(address)', deployer)
  const access = await world.deploy('ACLManager', addresses)
  await world.call(addresses, 'setACLManager(address)', access)
  await world.call(access, 'addPoolAdmin(address)', deployer)
  const reserves: Reserve[] = []
  for (let i = 0; i < count; i++) {
    const token = await Token.deploy(world)
    reserves.push({ token, feed: await world.deploy('PriceFeed', deployer, PRICE) })
  }
  const assets = reserves.map(({ token }) => token.address)
  const feeds = reserves.map(({ feed }) => feed)
  const oracle = await world.deploy('AaveOracle', addresses, assets, feeds, ZERO, ZERO, PRICE)
  await world.call(addresses, 'setPriceOracle(address)', oracle)
  await world.call(addresses, 'setPoolImpl(address)', await world.deploy('Pool', addresses))
  await world.call(addresses, 'setPoolConfiguratorImpl(address)', await world.deploy('PoolConfigurator'))
  const pool = (await world.call(addresses, 'getPool()')).slice(12)
  const configurator = (await world.call(addresses, 'getPoolConfigurator()')).slice(12)
  const tokens = [
    await world.deploy('AToken', pool),
    await world.deploy('StableDebtToken', pool),
    await world.deploy('VariableDebtToken', pool),
  ] as const
  const rates = [80n * RAY, 0n, 4n * RAY, 60n * RAY, 2n * RAY, 60n * RAY, 2n * RAY, 5n * RAY, 20n * RAY]
  const strategy = await world.deploy(
    'DefaultReserveInterestRateStrategy',
    addresses,
    ...rates.map((rate) => rate / PERCENT),
  )
  const treasury = plainAddress(world.seed, 'aave treasury', 0)
  for (const asset of assets) {
    const input = reserveInput(tokens, strategy, asset, treasury)
    await world.call(configurator, `initReserves(${INIT_RESERVE}[])`, [input])
    const percent = [75n, 80n, 105n].map((share) => share * PERCENT)
    const collateral = 'configureReserveAsCollateral(address,uint256,uint256,uint256)'
    await world.call(configurator, collateral, asset, ...percent)
    await world.call(configurator, 'setReserveBorrowing(address,bool)', asset, 1n)
  }
  return { pool, reserves }
}

const INIT_RESERVE = `(address,address,address,uint8,address,address,address,address,${Array(6).fill('string').join()},bytes)`

function reserveInput(
  [aToken, stableDebt, variableDebt]: readonly [Uint8Array, Uint8Array, Uint8Array],
  strategy: Uint8Array,
  asset: Uint8Array,
  treasury: Uint8Array,
): AbiValue {
  const names = ['Aave Work', 'aWORK', 'Aave Variable Work', 'vWORK', 'Aave Stable Work', 'sWORK']
  return dynamicTuple(
    aToken,
    stableDebt,
    variableDebt,
    18n,
    strategy,
    asset,
    treasury,
    ZERO,
    ...names.map((name) => dynamicBytes(name)),
    dynamicBytes(''),
  )
}
