// What is read by all: prices of an oracle, measurements that insurance pays by.
import { calldata } from '../abi.js'
import { ETHER } from '../chain.js'
import { Token } from '../token.js'
import type { Wallet } from '../wallet.js'
import { type Call, type DefiWorkload, people, several, Turns, unlucky } from './workload.js'

const PRICE = 3_000n * 10n ** 8n
const MARGIN = 100n * ETHER
/** Of 1,000 transactions so many update a price. */
const UPDATES = 30
const RAIN = 40n
const DROUGHT = 100n
const COVER = ETHER

const oracle: DefiWorkload = {
  name: 'oracle',
  about: 'perpetual positions opened and closed at the price of a feed; 3 % of the transactions update one',
  spread: 'many feeds and venues',
  hot: 'one feed that everything reads',
  gas: { spread: 75_000, hot: 77_000 },
  share: 25,
  async setUp(site) {
    const { world, random } = site
    const venues: { feed: Uint8Array; at: Uint8Array; token: Token; oracle: Wallet }[] = []
    for (let i = 0; i < several(site, 6, 16); i++) {
      const operator = world.user('oracle', i)
      const token = await Token.deploy(world)
      const feed = await world.deploy('PriceFeed', operator.address, PRICE)
      const at = await world.deploy('Perps', feed, token.address)
      token.give(at)
      venues.push({ feed, at, token, oracle: operator })
    }
    const traders = people(site, 'perp trader')
    const own = new Map<Wallet, { venue: (typeof venues)[number]; open: boolean }>()
    const open = 'open(bool,uint128,uint128,uint256)'
    for (const [i, trader] of traders.all.entries()) {
      const venue = venues[i % venues.length]!
      venue.token.give(trader.address)
      venue.token.approve(trader.address, venue.at)
      const holds = Math.floor(i / venues.length) % 2 === 0
      if (holds) {
        const data = calldata(open, BigInt(i % 2), MARGIN, 2n * MARGIN, i % 2 === 0 ? 0n : PRICE)
        await world.callAs({ address: trader.address }, venue.at, data)
      }
      own.set(trader, { venue, open: holds })
    }
    const feeds = new Turns(venues)
    return (): Call => {
      if (random.below(1_000) < UPDATES) {
        const { feed, oracle: sender } = feeds.next()
        const price = PRICE + BigInt(random.below(2_000_000_000)) - 1_000_000_000n
        return { sender, gas: 40_000, to: feed, fields: { data: calldata('transmit(int256)', price) } }
      }
      const sender = traders.next()
      const mine = own.get(sender)!
      const to = mine.venue.at
      if (mine.open) {
        mine.open = false
        return { sender, gas: 62_000, to, fields: { data: calldata('close()') } }
      }
      const fails = unlucky(site)
      const long = BigInt(random.below(2))
      // Out of luck: no price is within the limit.
      const limit = fails === (long === 1n) ? 0n : PRICE * 2n
      mine.open = !fails
      const data = calldata(open, long, MARGIN, MARGIN + BigInt(random.u32()), limit)
      return { sender, gas: fails ? 34_000 : 120_000, to, fields: { data }, fails }
    }
  },
}

const insurance: DefiWorkload = {
  name: 'insurance',
  about: 'insurance by a measured value: policies bought, claims paid',
  spread: 'many insurers',
  hot: 'one insurer',
  gas: { spread: 89_000, hot: 87_000 },
  share: 5,
  async setUp(site) {
    const { world } = site
    const insurers: { at: Uint8Array; token: Token }[] = []
    for (let i = 0; i < several(site, 6, 16); i++) {
      const token = await Token.deploy(world)
      const reading = await world.deploy('PriceFeed', world.deployer, RAIN)
      const at = await world.deploy('Insurance', token.address, reading)
      token.give(at)
      insurers.push({ at, token })
    }
    const holders = people(site, 'farmer')
    const own = new Map<Wallet, { at: Uint8Array; policies: bigint[] }>()
    const insure = 'insure(uint256,uint256,int256)'
    let policies = 0n
    for (const [i, holder] of holders.all.entries()) {
      const { at, token } = insurers[i % insurers.length]!
      token.give(holder.address)
      token.approve(holder.address, at)
      own.set(holder, { at, policies: [] })
      if (Math.floor(i / insurers.length) % 2 === 0) continue
      const data = calldata(insure, ++policies, COVER, DROUGHT)
      await world.callAs({ address: holder.address }, at, data)
      own.get(holder)!.policies.push(policies)
    }
    return () => {
      const sender = holders.next()
      const { at: to, policies: mine } = own.get(sender)!
      if (mine.length === 0) {
        mine.push(++policies)
        return { sender, gas: 145_000, to, fields: { data: calldata(insure, policies, COVER, DROUGHT) } }
      }
      // Out of luck: a policy of nobody.
      const fails = unlucky(site)
      const data = calldata('claim(uint256)', fails ? 1n << 100n : mine.shift()!)
      return { sender, gas: fails ? 24_000 : 72_000, to, fields: { data }, fails }
    }
  },
}

export const READINGS = [oracle, insurance]
