// Value from one account to another: ether, tokens, airdrops.
import { calldata } from '../abi.js'
import { Token, transferData } from '../token.js'
import { plainAddress } from '../wallet.js'
import { amount, type DefiWorkload, payees, people, type Site, several, unlucky } from './workload.js'

const RECIPIENTS = 200

const KNOWN = 64

/** One in eight exists already. */
function recipients(site: Site, purpose: string): () => Uint8Array {
  const { world, hot, random } = site
  const known = Array.from({ length: KNOWN }, (_, i) => plainAddress(world.seed, `known ${purpose}`, i))
  for (const address of known) world.state.set(address, { balance: 1n })
  const next = payees(site, purpose)
  if (hot) world.state.set(next(), { balance: 1n })
  return () => (hot || random.below(8) > 0 ? next() : random.pick(known))
}

const transfers: DefiWorkload = {
  name: 'transfers',
  about: 'native transfers',
  spread: 'every sender and nearly every recipient its own',
  hot: 'one recipient',
  gas: { spread: 21_000, hot: 21_000 },
  share: 280,
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
  gas: { spread: 50_000, hot: 36_000 },
  share: 305,
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
  gas: { spread: 5_420_000, hot: 2_060_000 },
  share: 1,
  async setUp(site) {
    const { world, hot } = site
    const next = payees(site, 'dropped')
    const airdrops = await world.deploy('Airdrop')
    const senders = people(site, 'dropper')
    const tokens: Token[] = []
    for (let i = 0; i < several(site, 1, 16); i++) tokens.push(await Token.deploy(world))
    const tokenOf = new Map(senders.all.map((sender, i) => [sender, tokens[i % tokens.length]!]))
    for (const [{ address }, token] of tokenOf) {
      token.give(address)
      token.approve(address, airdrops)
    }
    const always = Array.from({ length: RECIPIENTS }, (_, i) => plainAddress(world.seed, 'dropped', i))
    return () => {
      const sender = senders.next()
      const list = hot ? always : always.map(() => next())
      const amounts = list.map(() => amount(site, 1))
      const fails = unlucky(site)
      if (fails) amounts.pop()
      const data = calldata('drop(address,address[],uint256[])', tokenOf.get(sender)!.address, list, amounts)
      return { sender, gas: fails ? 600_000 : 5_500_000, to: airdrops, fields: { data }, fails }
    }
  },
}

export const VALUE = [transfers, erc20, airdrop]
