// Value from one account to another: ether, tokens, airdrops.
import { calldata } from '../abi.js'
import { Token, transferData } from '../token.js'
import { plainAddress } from '../wallet.js'
import { amount, type DefiWorkload, people, type Site, several, unlucky } from './workload.js'

const RECIPIENTS = 200

/** New accounts and such that exist, or the one that all send to. */
export function recipients(site: Site, purpose: string): () => Uint8Array {
  const { world, hot, random } = site
  const one = plainAddress(world.seed, purpose, 0)
  let next = 0
  world.state.set(one, { balance: 1n })
  for (let i = 0; i < 64; i++) world.state.set(plainAddress(world.seed, `known ${purpose}`, i), { balance: 1n })
  return () => {
    if (hot) return one
    return random.below(8) === 0
      ? plainAddress(world.seed, `known ${purpose}`, random.below(64))
      : plainAddress(world.seed, purpose, ++next)
  }
}

const transfers: DefiWorkload = {
  name: 'transfers',
  about: 'native transfers',
  spread: 'every sender and nearly every recipient its own',
  hot: 'one recipient',
  gas: 21_000,
  share: 260,
  async setUp(site) {
    const senders = people(site, 'payer')
    const recipient = recipients(site, 'payee')
    // A contract that takes no ether.
    const { address: refusing } = await Token.deploy(site.world)
    return () => {
      const sender = senders.next()
      const value = 1n + BigInt(site.random.u32())
      const fails = unlucky(site)
      const type = site.random.below(4) === 0 ? 0 : 2
      return {
        sender,
        gas: fails ? 21_300 : 21_000,
        to: fails ? refusing : recipient(),
        fields: { type, value },
        fails,
      }
    }
  },
}

const erc20: DefiWorkload = {
  name: 'erc20',
  about: 'ERC-20 transfers, one in eight an approval',
  spread: 'many tokens, every holder its own',
  hot: 'one token, to one holder',
  gas: 47_000,
  share: 270,
  async setUp(site) {
    const { world, random } = site
    const tokens: Token[] = []
    for (let i = 0; i < several(site, 8, 32); i++) tokens.push(await Token.deploy(world))
    const senders = people(site, 'holder')
    const recipient = recipients(site, 'receiver')
    const tokenOf = new Map(senders.all.map((holder, i) => [holder, tokens[i % tokens.length]!]))
    for (const [{ address }, token] of tokenOf) token.give(address)
    return () => {
      const sender = senders.next()
      const { address: to } = tokenOf.get(sender)!
      if (random.below(8) === 0) {
        const data = calldata('approve(address,uint256)', recipient(), amount(site, 1_000))
        return { sender, gas: 46_000, to, fields: { data } }
      }
      const fails = unlucky(site)
      const data = transferData(recipient(), fails ? 1n << 200n : amount(site, 1))
      return { sender, gas: fails ? 26_000 : 51_000, to, fields: { data }, fails }
    }
  },
}

const airdrop: DefiWorkload = {
  name: 'airdrop',
  about: `one transaction pays ${RECIPIENTS} recipients`,
  spread: 'a token of its own for each',
  hot: 'one token, the same recipients',
  gas: 5_350_000,
  share: 1,
  async setUp(site) {
    const { world, hot } = site
    const airdrops = await world.deploy('Airdrop')
    const senders = people(site, 'dropper')
    const tokens: Token[] = []
    for (let i = 0; i < several(site, 1, 16); i++) tokens.push(await Token.deploy(world))
    const tokenOf = new Map(senders.all.map((sender, i) => [sender, tokens[i % tokens.length]!]))
    for (const [{ address }, token] of tokenOf) {
      token.give(address)
      token.approve(address, airdrops)
    }
    let first = 0
    return () => {
      const sender = senders.next()
      const list = Array.from({ length: RECIPIENTS }, (_, i) => plainAddress(world.seed, 'dropped', first + i))
      if (!hot) first += RECIPIENTS
      const amounts = list.map(() => amount(site, 1))
      const fails = unlucky(site)
      if (fails) amounts.pop()
      const data = calldata('drop(address,address[],uint256[])', tokenOf.get(sender)!.address, list, amounts)
      const usual = hot && first++ > 0 ? 2_000_000 : 6_100_000
      if (hot) first = 0
      return { sender, gas: fails ? 600_000 : usual, to: airdrops, fields: { data }, fails }
    }
  },
}

export const VALUE = [transfers, erc20, airdrop]
