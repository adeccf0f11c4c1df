import { join } from 'node:path'
import { packageRoot } from '../blockFiles/folders.js'
import { FieldReader, readJson } from '../blockFiles/json.js'

export type ContractName =
  | 'UniswapV2Factory'
  | 'UniswapV2Router02'
  | 'WETH9'
  | 'UniswapV3Factory'
  | 'SwapRouter'
  | 'NonfungiblePositionManager'
  | 'WorkloadToken'
  | 'Lab'

/** Creation code without constructor arguments. @throws FixtureError when fixtures/contracts is incomplete. */
export function creationCode(name: ContractName): Uint8Array {
  const file = join(packageRoot(), 'fixtures', 'contracts', `${name}.json`)
  const read = new FieldReader(file)
  return read.bytes(read.object(readJson(file), '').bytecode, 'bytecode')
}
