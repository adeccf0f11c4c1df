// Liquidity of Uniswap V2 and V3, added and taken away.
import { calldata } from '../abi.js'
import { ETHER } from '../chain.js'
import { deployV2, deployV3, type Exchange, inOrder, type Pool, V3_FEE } from '../pools.js'
import { Token } from '../token.js'
import type { Wallet } from '../wallet.js'
import type { World } from '../world.js'
import { amount, type DefiWorkload, FAR, PAST, people, type Site, several, unlucky } from './workload.js'

const MOST = (1n << 128n) - 1n
/** In ticks: spacing is 60. */
const WIDTH = 6_000n
const HOLDING = 1_000n * ETHER

/** A pool with providers that hold a part of it. */
interface Provided {
  manager: Uint8Array
  pool: Pool
  /** V2: the pair, whose tokens are shares. V3: the positions by owner. */
  pair?: Uint8Array
  positions: Map<Wallet, bigint>
}

export const liquidity: DefiWorkload = {
  name: 'liquidity',
  about: 'liquidity added to and taken from Uniswap V2 and V3, and new V3 positions',
  spread: 'many pools',
  hot: 'one pool on each exchange',
  gas: { spread: 150_000, hot: 165_000 },
  share: 10,
  async setUp(site) {
    const { world, random } = site
    const exchanges = [await deployV2(world), await deployV3(world)] as const
    const pools: Provided[] = []
    for (let i = 0; i < Math.max(2, several(site, 4, 16)); i++) pools.push(await open(world, exchanges[i % 2]!, i % 2))
    const providers = people(site, 'provider')
    const poolOf = new Map(providers.all.map((provider, i) => [provider, pools[i % pools.length]!]))
    for (const [provider, provided] of poolOf) await provide(world, provided, provider)
    return () => {
      const sender = providers.next()
      const { manager, pool, pair, positions } = poolOf.get(sender)!
      const fails = unlucky(site)
      const deadline = fails ? PAST : FAR
      const dice = random.below(8)
      const position = positions.get(sender)
      const call = (gas: number, data: Uint8Array) => {
        return { sender, gas: fails ? 26_000 : gas, to: manager, fields: { data }, fails }
      }
      if (pair !== undefined) {
        if (dice < 4) return call(118_000, addV2(site, pool, sender, deadline))
        return call(125_000, removeV2(site, pool, sender, deadline))
      }
      if (dice === 0) return call(375_000, mintV3(pool, sender, amount(site, 100), deadline))
      if (dice < 5) return call(190_000, increaseV3(site, position!, deadline))
      return call(190_000, decreaseV3(site, position!, sender, deadline))
    }
  },
}

async function open(world: World, exchange: Exchange, version: number): Promise<Provided> {
  const pool = await exchange.open(inOrder([await Token.deploy(world), await Token.deploy(world)]))
  const provided = { manager: exchange.manager, pool, positions: new Map() }
  if (version === 1) return provided
  const [a, b] = pool.tokens
  const pair = await world.call(exchange.factory, 'getPair(address,address)', a.address, b.address)
  return { ...provided, pair: pair.slice(12) }
}

async function provide(world: World, { manager, pool, pair, positions }: Provided, provider: Wallet): Promise<void> {
  for (const token of pool.tokens) {
    token.give(provider.address)
    token.approve(provider.address, manager)
  }
  if (pair !== undefined) {
    await world.call(pair, 'transfer(address,uint256)', provider.address, HOLDING)
    await world.callAs({ address: provider.address }, pair, calldata('approve(address,uint256)', manager, MOST << 128n))
    return
  }
  const minted = await world.callAs({ address: provider.address }, manager, mintV3(pool, provider, HOLDING, FAR))
  positions.set(provider, BigInt(`0x${Buffer.from(minted.subarray(0, 32)).toString('hex')}`))
}

function addV2(site: Site, { tokens: [a, b] }: Pool, { address }: Wallet, deadline: bigint): Uint8Array {
  const most = amount(site, 10)
  const signature = 'addLiquidity(address,address,uint256,uint256,uint256,uint256,address,uint256)'
  return calldata(signature, a.address, b.address, most, most, 0n, 0n, address, deadline)
}

function removeV2(site: Site, { tokens: [a, b] }: Pool, { address }: Wallet, deadline: bigint): Uint8Array {
  const signature = 'removeLiquidity(address,address,uint256,uint256,uint256,address,uint256)'
  return calldata(signature, a.address, b.address, amount(site, 1), 0n, 0n, address, deadline)
}

function mintV3({ tokens: [a, b] }: Pool, { address }: Wallet, most: bigint, deadline: bigint): Uint8Array {
  const signature = 'mint((address,address,uint24,int24,int24,uint256,uint256,uint256,uint256,address,uint256))'
  return calldata(signature, a.address, b.address, V3_FEE, -WIDTH, WIDTH, most, most, 0n, 0n, address, deadline)
}

function increaseV3(site: Site, position: bigint, deadline: bigint): Uint8Array {
  const signature = 'increaseLiquidity((uint256,uint256,uint256,uint256,uint256,uint256))'
  return calldata(signature, position, amount(site, 10), amount(site, 10), 0n, 0n, deadline)
}

/** What is taken away stays with the manager until it is collected: both in one transaction, as wallets do it. */
function decreaseV3(site: Site, position: bigint, { address }: Wallet, deadline: bigint): Uint8Array {
  const signature = 'decreaseLiquidity((uint256,uint128,uint256,uint256,uint256))'
  const decrease = calldata(signature, position, amount(site, 1), 0n, 0n, deadline)
  const collect = calldata('collect((uint256,address,uint128,uint128))', position, address, MOST, MOST)
  return calldata('multicall(bytes[])', [decrease, collect])
}
