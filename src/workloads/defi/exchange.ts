// Uniswap V2 and V3: swaps, routes over several pools, liquidity.
import { calldata, dynamicBytes, dynamicTuple } from '../abi.js'
import { deployV2, deployV3, type Exchange, inOrder, type Pool, type TokenPair } from '../pools.js'
import { Token } from '../token.js'
import type { Wallet } from '../wallet.js'
import type { World } from '../world.js'
import { amount, type DefiWorkload, FAR, PAST, people, several, unlucky } from './workload.js'

export const HOPS = 3
const V3_FEE_BYTES = Uint8Array.of(0, 0x0b, 0xb8)

async function pair(world: World): Promise<TokenPair> {
  return inOrder([await Token.deploy(world), await Token.deploy(world)])
}

function equip(tokens: readonly Token[], { address }: Wallet, spender: Uint8Array): void {
  for (const token of tokens) {
    token.give(address)
    token.approve(address, spender)
  }
}

function swaps(version: 2 | 3): DefiWorkload {
  return {
    name: `uniswap-v${version}`,
    about: `Uniswap V${version} swaps of both directions`,
    spread: 'many pools, each with tokens of its own',
    hot: 'one pool',
    gas: version === 2 ? { spread: 100_000, hot: 88_000 } : { spread: 114_000, hot: 115_000 },
    share: version === 2 ? 70 : 90,
    async setUp(site) {
      const { world, random } = site
      const exchange = await (version === 2 ? deployV2 : deployV3)(world)
      const pools: Pool[] = []
      for (let i = 0; i < several(site, 4, 32); i++) pools.push(await exchange.open(await pair(world)))
      const traders = people(site, `v${version} trader`)
      const poolOf = new Map(traders.all.map((trader, i) => [trader, pools[i % pools.length]!]))
      for (const [trader, { tokens, router }] of poolOf) equip(tokens, trader, router)
      return () => {
        const sender = traders.next()
        const { swap, router } = poolOf.get(sender)!
        const fails = unlucky(site)
        const sold = amount(site, 1_000)
        // Out of luck: the price has moved by more than was allowed, or the deadline is over.
        const bounds = !fails ? { deadline: FAR } : random.below(2) === 0 ? { least: sold * 2n } : { deadline: PAST }
        const data = swap(random.below(2) as 0 | 1, sold, sender.address, bounds)
        return { sender, gas: fails ? 60_000 : version === 2 ? 106_000 : 121_000, to: router, fields: { data }, fails }
      }
    },
  }
}

/** Pools in a row, each with a token in common with the next. */
async function row(world: World, exchange: Exchange): Promise<Token[]> {
  const tokens = [await Token.deploy(world)]
  for (let i = 0; i < HOPS; i++) {
    tokens.push(await Token.deploy(world))
    await exchange.open(inOrder([tokens[i]!, tokens[i + 1]!]))
  }
  return tokens
}

const routes: DefiWorkload = {
  name: 'routes',
  about: `swaps over two or ${HOPS} pools, V2 and V3`,
  spread: 'many rows of pools',
  hot: 'one row of pools on each exchange',
  gas: { spread: 214_000, hot: 194_000 },
  share: 30,
  async setUp(site) {
    const { world, random } = site
    const exchanges = [await deployV2(world), await deployV3(world)] as const
    const rows: { version: 0 | 1; tokens: Token[] }[] = []
    for (let i = 0; i < Math.max(2, several(site, 4, 16)); i++) {
      const version = (i % 2) as 0 | 1
      rows.push({ version, tokens: await row(world, exchanges[version]) })
    }
    const traders = people(site, 'router')
    const rowOf = new Map(traders.all.map((trader, i) => [trader, rows[i % rows.length]!]))
    for (const [trader, { version, tokens }] of rowOf) equip(tokens, trader, exchanges[version].router)
    return () => {
      const sender = traders.next()
      const { version, tokens } = rowOf.get(sender)!
      const hops = 2 + random.below(HOPS - 1)
      const path = tokens.slice(0, hops + 1).map(({ address }) => address)
      if (random.below(2) === 0) path.reverse()
      const fails = unlucky(site)
      const sold = amount(site, 100)
      const least = fails ? sold * 3n : 0n
      const data =
        version === 0
          ? calldata(
              'swapExactTokensForTokens(uint256,uint256,address[],address,uint256)',
              sold,
              least,
              path,
              sender.address,
              FAR,
            )
          : v3Route(path, sender.address, sold, least)
      const gas = fails ? (version === 0 ? 60_000 : 85_000 * hops) : (version === 0 ? 40_000 : 50_000) + 74_000 * hops
      return { sender, gas, to: exchanges[version].router, fields: { data }, fails }
    }
  },
}

/** exactInput takes a struct with a dynamic member: one offset stands before it. */
function v3Route(path: readonly Uint8Array[], recipient: Uint8Array, sold: bigint, least: bigint): Uint8Array {
  const bytes = Buffer.concat(path.flatMap((token, i) => (i === 0 ? [token] : [V3_FEE_BYTES, token])))
  const signature = 'exactInput((bytes,address,uint256,uint256,uint256))'
  return calldata(signature, dynamicTuple(dynamicBytes(bytes), recipient, FAR, sold, least))
}

export const EXCHANGE = [swaps(2), swaps(3), routes]
