import { join } from 'node:path'
import { packageRoot } from '../blockFiles/folders.js'
import { FieldReader, readJson } from '../blockFiles/json.js'
import { ParallevmError } from '../errors.js'

const CONTRACTS = [
  'UniswapV2Factory',
  'UniswapV2Router02',
  'WETH9',
  'UniswapV3Factory',
  'SwapRouter',
  'NonfungiblePositionManager',
  'EntryPoint',
  'SimpleAccountFactory',
  'Simple7702Account',
  'PoolAddressesProvider',
  'ACLManager',
  'Pool',
  'PoolConfigurator',
  'DefaultReserveInterestRateStrategy',
  'BorrowLogic',
  'BridgeLogic',
  'ConfiguratorLogic',
  'EModeLogic',
  'FlashLoanLogic',
  'LiquidationLogic',
  'PoolLogic',
  'SupplyLogic',
  'AToken',
  'StableDebtToken',
  'VariableDebtToken',
  'AaveOracle',
  'Airdrop',
  'Bridge',
  'Channels',
  'Game',
  'Insurance',
  'Lab',
  'Market',
  'PermitToken',
  'Perps',
  'PriceFeed',
  'Remittance',
  'Rollup',
  'RoyaltyShares',
  'StakingRewards',
  'Streams',
  'Tickets',
  'Vesting',
  'VoteToken',
  'WorkloadGovernor',
  'WorkloadItems',
  'WorkloadNft',
  'WorkloadToken',
  'WorkloadVault',
] as const

export type ContractName = (typeof CONTRACTS)[number]

/**
 * Creation code without constructor arguments.
 *
 * @param libraries addresses of those that the code is linked to, by name
 * @throws FixtureError when fixtures/contracts is incomplete; ParallevmError WORKLOAD_SETUP when a library is missing
 */
export function creationCode(name: ContractName, libraries: ReadonlyMap<string, Uint8Array> = new Map()): Uint8Array {
  const file = join(packageRoot(), 'fixtures', 'contracts', `${name}.json`)
  const read = new FieldReader(file)
  const { bytecode, links = {} } = read.object(readJson(file), '')
  const code = read.bytes(bytecode, 'bytecode')
  for (const [library, places] of Object.entries(read.object(links, 'links'))) {
    const address = libraries.get(library)
    if (address === undefined) throw new ParallevmError('WORKLOAD_SETUP', `${name} needs ${library}; report a bug`)
    for (const place of places as number[]) code.set(address, place)
  }
  return code
}
