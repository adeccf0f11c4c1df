// Payments that go on: streams and vesting, permits across a border, channels.
import { calldata, word } from '../abi.js'
import { ETHER, TIMESTAMP } from '../chain.js'
import { Token } from '../token.js'
import type { Wallet } from '../wallet.js'
import { hashOf, signature, signatureParts, TypedData } from './typedData.js'
import { amount, type DefiWorkload, FAR, PAST, payees, people, several, unlucky } from './workload.js'

const PERMIT = 'Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)'
const BALANCE = 'Balance(bytes32 channel,uint256 paid)'
const DEPOSIT = 10_000n * ETHER
/** 0.9 of one for one. */
const RATE = 900_000n
const LOCKED = ETHER / 10n
const DAY = 86_400n

const streams: DefiWorkload = {
  name: 'streams',
  about: 'payment streams begun and drawn from, vested tokens released (OpenZeppelin VestingWallet)',
  spread: 'many tokens and contracts',
  hot: 'one token, one contract',
  gas: { spread: 87_000, hot: 84_000 },
  share: 10,
  async setUp(site) {
    const { world, random } = site
    const lanes: { token: Token; streams: Uint8Array }[] = []
    for (let i = 0; i < several(site, 6, 16); i++) {
      lanes.push({ token: await Token.deploy(world), streams: await world.deploy('Streams') })
    }
    const earners = people(site, 'earner')
    const own = new Map<
      Wallet,
      { lane: (typeof lanes)[number]; stream: Uint8Array; vesting: Uint8Array; made: bigint }
    >()
    const employee = payees({ ...site, hot: false }, 'employee')
    const create = 'create(uint256,address,address,uint256,uint64,uint64)'
    for (const [i, earner] of earners.all.entries()) {
      const { address } = earner
      const lane = lanes[i % lanes.length]!
      lane.token.give(address)
      lane.token.approve(address, lane.streams)
      const data = calldata(create, 0n, address, lane.token.address, DEPOSIT, TIMESTAMP - DAY, FAR)
      await world.callAs({ address }, lane.streams, data)
      const vesting = await world.deploy('Vesting', address, TIMESTAMP - DAY, 300n * DAY)
      lane.token.give(vesting)
      own.set(earner, { lane, stream: hashOf(Buffer.concat([pad(address), word(0n)])), vesting, made: 0n })
    }
    return () => {
      const sender = earners.next()
      const mine = own.get(sender)!
      const { token, streams: to } = mine.lane
      const fails = unlucky(site)
      const dice = random.below(10)
      if (dice < 2 && !fails) {
        const data = calldata(create, ++mine.made, employee(), token.address, amount(site, 100), TIMESTAMP, FAR)
        return { sender, gas: 190_000, to, fields: { data } }
      }
      if (dice < 5 && !fails) {
        const data = calldata('release(address)', token.address)
        return { sender, gas: 68_000, to: mine.vesting, fields: { data } }
      }
      // Out of luck: more than has flowed.
      const data = calldata('withdraw(uint256,uint256)', mine.stream, fails ? DEPOSIT : 1n + BigInt(random.u32()))
      return { sender, gas: fails ? 37_000 : 62_000, to, fields: { data }, fails }
    }
  },
}

function pad(address: Uint8Array): Uint8Array {
  return Buffer.concat([new Uint8Array(12), address])
}

const permits: DefiWorkload = {
  name: 'permits',
  about: 'stable coins sent across a border by signed permits (EIP-2612), converted, less a fee',
  spread: 'many corridors, each with two coins; a relayer for each payment',
  hot: 'one corridor, one relayer, one payee',
  gas: { spread: 128_000, hot: 98_000 },
  share: 15,
  async setUp(site) {
    const { world, hot } = site
    const corridors: { source: Token; at: Uint8Array; permit: TypedData }[] = []
    for (let i = 0; i < several(site, 6, 12); i++) {
      const source = await Token.deploy(world, 'PermitToken')
      const target = await Token.deploy(world, 'PermitToken')
      const at = await world.deploy('Remittance', source.address, target.address, RATE)
      target.give(at)
      corridors.push({ source, at, permit: new TypedData('Workload Dollar', source.address, PERMIT) })
    }
    const payers = people(site, 'remitter')
    const relayers = people(site, 'relayer')
    const own = new Map(
      payers.all.map((payer, i) => [payer, { corridor: corridors[i % corridors.length]!, nonce: 0n }]),
    )
    for (const [{ address }, { corridor }] of own) corridor.source.give(address)
    const family = payees(site, 'family')
    let payments = 0
    return () => {
      const payer = payers.next()
      const mine = own.get(payer)!
      const { at, permit } = mine.corridor
      const fails = unlucky(site)
      const sent = amount(site, 500)
      const deadline = fails ? PAST : FAR
      const digest = permit.digest(payer.address, at, sent, mine.nonce, deadline)
      if (!fails) mine.nonce++
      const { v, r, s } = signatureParts(digest, payer)
      const payee = family()
      const signed = [deadline, v, r, s]
      const types = 'pay(address,address,uint256,bytes32,uint256,uint8,bytes32,bytes32)'
      const data = calldata(types, payer.address, payee, sent, hashOf(`payment ${++payments}`), ...signed)
      const sender = hot ? relayers.all[0]! : relayers.next()
      return { sender, gas: fails ? 30_000 : 165_000, to: at, fields: { data }, fails }
    }
  },
}

interface Open {
  id: Uint8Array
  payer: Wallet
  payee: Wallet
}

const channels: DefiWorkload = {
  name: 'channels',
  about: 'payment channels opened, and settled by the signatures of both sides',
  spread: 'many hubs of channels, every payer and payee its own',
  hot: 'one hub, one payee',
  gas: { spread: 77_000, hot: 77_000 },
  share: 5,
  async setUp(site) {
    const { world, random, hot } = site
    const hubs: { at: Uint8Array; balance: TypedData }[] = []
    for (let i = 0; i < several(site, 6, 16); i++) {
      const at = await world.deploy('Channels')
      hubs.push({ at, balance: new TypedData('Channels', at, BALANCE) })
    }
    const payers = people(site, 'channel payer')
    const payees = people(site, 'channel payee')
    const own = new Map(
      payers.all.map((payer, i) => {
        const payee = hot ? payees.all[0]! : payees.all[i]!
        return [payer, { hub: hubs[i % hubs.length]!, payee, open: [] as Open[] }]
      }),
    )
    let opened = 0
    for (const [i, [payer, { hub, payee, open }]] of [...own].entries()) {
      if (Math.floor(i / hubs.length) % 2 === 0) continue
      const id = hashOf(`channel ${opened++}`)
      const data = calldata('open(bytes32,address)', id, payee.address)
      await world.callAs({ address: payer.address, value: LOCKED }, hub.at, data)
      open.push({ id, payer, payee })
    }
    return () => {
      const sender = payers.next()
      const { hub, payee, open } = own.get(sender)!
      const { at: to, balance } = hub
      const first = open[0]
      if (first === undefined) {
        const id = hashOf(`channel ${opened++}`)
        open.push({ id, payer: sender, payee })
        const data = calldata('open(bytes32,address)', id, payee.address)
        return { sender, gas: 97_000, to, fields: { data, value: LOCKED } }
      }
      const fails = unlucky(site)
      const paid = 1n + BigInt(random.u32())
      const signed = balance.digest(first.id, paid)
      const byPayer = signature(signed, first.payer)
      // Out of luck: the payee signed another balance.
      const byPayee = signature(fails ? balance.digest(first.id, paid + 1n) : signed, first.payee)
      if (!fails) open.shift()
      const data = calldata('settle(bytes32,uint256,bytes,bytes)', first.id, paid, byPayer, byPayee)
      return { sender, gas: fails ? 48_000 : 68_000, to, fields: { data }, fails }
    }
  },
}

export const PAYMENTS = [streams, permits, channels]
