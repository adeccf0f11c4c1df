// Rights as tokens: shares of royalties, and tickets.
import { calldata } from '../abi.js'
import { ETHER } from '../chain.js'
import type { Wallet } from '../wallet.js'
import { type DefiWorkload, people, several, unlucky } from './workload.js'

const SUPPLY = 1_000_000n * ETHER
const SHARES = 10n * ETHER
const PRICE = ETHER / 20n
const CAPACITY = (1n << 63n) - 1n

const royalties: DefiWorkload = {
  name: 'royalties',
  about: 'shares of royalties: payments for use, claims of what shares earned, shares changing hands',
  spread: 'many works',
  hot: 'one work',
  gas: { spread: 61_000, hot: 61_000 },
  share: 5,
  async setUp(site) {
    const { world, random } = site
    const works: Uint8Array[] = []
    for (let i = 0; i < several(site, 4, 24); i++) works.push(await world.deploy('RoyaltyShares', SUPPLY))
    const holders = people(site, 'shareholder')
    const workOf = new Map<Wallet, Uint8Array>()
    for (const [i, holder] of holders.all.entries()) {
      const work = works[i % works.length]!
      workOf.set(holder, work)
      await world.call(work, 'transfer(address,uint256)', holder.address, SHARES)
    }
    for (const work of works) await world.callAs({ address: world.deployer, value: ETHER }, work, calldata('use()'))
    return () => {
      const sender = holders.next()
      const to = workOf.get(sender)!
      const fails = unlucky(site)
      const dice = random.below(5)
      if (dice < 2) {
        const value = fails ? 0n : ETHER / 10_000n + BigInt(random.u32())
        return { sender, gas: fails ? 22_000 : 38_000, to, fields: { data: calldata('use()'), value }, fails }
      }
      if (dice < 4 && !fails) return { sender, gas: 75_000, to, fields: { data: calldata('claim()') } }
      const other = holders.all[(holders.all.indexOf(sender) + works.length) % holders.all.length]!
      const data = calldata('transfer(address,uint256)', other.address, fails ? SUPPLY : 1n + BigInt(random.u32()))
      return { sender, gas: fails ? 90_000 : 105_000, to, fields: { data }, fails }
    }
  },
}

const tickets: DefiWorkload = {
  name: 'tickets',
  about: 'tickets of shows bought and cancelled at the door',
  spread: 'many organisers, each with a show',
  hot: 'one show',
  gas: { spread: 66_000, hot: 66_000 },
  share: 5,
  async setUp(site) {
    const { world } = site
    const shows: { at: Uint8Array; sold: bigint }[] = []
    for (let i = 0; i < several(site, 4, 24); i++) {
      const at = await world.deploy('Tickets')
      await world.call(at, 'announce(uint64,uint128)', CAPACITY, PRICE)
      shows.push({ at, sold: 0n })
    }
    const guests = people(site, 'guest')
    const showOf = new Map(guests.all.map((guest, i) => [guest, shows[i % shows.length]!]))
    const held = new Map<Wallet, bigint[]>()
    // Every other guest has one from before.
    for (const [i, [guest, show]] of [...showOf].entries()) {
      held.set(guest, [])
      if (Math.floor(i / shows.length) % 2 === 0) continue
      await world.callAs({ address: guest.address, value: PRICE }, show.at, calldata('buy(uint256)', 0n))
      held.get(guest)!.push(show.sold++)
    }
    return () => {
      const sender = guests.next()
      const show = showOf.get(sender)!
      const { at: to } = show
      const mine = held.get(sender)!
      const fails = unlucky(site)
      if (mine.length > 0) {
        const ticket = fails ? CAPACITY : mine.shift()!
        const data = calldata('checkIn(uint256)', ticket)
        return { sender, gas: fails ? 26_000 : 57_000, to, fields: { data }, fails }
      }
      const data = calldata('buy(uint256)', 0n)
      if (!fails) mine.push(show.sold++)
      return { sender, gas: fails ? 28_000 : 105_000, to, fields: { data, value: fails ? 1n : PRICE }, fails }
    }
  },
}

export const RIGHTS = [royalties, tickets]
