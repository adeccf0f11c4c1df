// A DAO: proposals and votes by OpenZeppelin's Governor.
import { calldata, dynamicBytes, encode } from '../abi.js'
import { Token } from '../token.js'
import type { Wallet } from '../wallet.js'
import { hashOf } from './typedData.js'
import { type Call, type DefiWorkload, people, several, unlucky } from './workload.js'

/** Votes begin so many blocks after the one with the proposal. */
const DELAY = 2n
/** Against, for, abstain. */
const CHOICES = 3
/** One transaction in so many proposes something. */
const PROPOSALS = 16

interface Proposal {
  id: Uint8Array
  /** First block in which votes count. */
  from: bigint
}

export const votes: DefiWorkload = {
  name: 'governor',
  about: 'votes and proposals in DAOs (OpenZeppelin Governor)',
  spread: 'many DAOs, and many proposals',
  hot: 'one proposal',
  gas: { spread: 80_000, hot: 65_000 },
  share: 10,
  async setUp(site) {
    const { world, random, hot } = site
    const count = several(site, 8, 8)
    const daos: { governor: Uint8Array; token: Token; proposals: Proposal[] }[] = []
    let described = 0
    const propose = (governor: Uint8Array) => {
      const [value, data, description] = [0n, dynamicBytes('vote'), `proposal ${described++}`]
      const hash = hashOf(description)
      const id = hashOf(encode([governor], [value], [data], hash))
      const signature = 'propose(address[],uint256[],bytes[],string)'
      return { id, data: calldata(signature, [governor], [value], [data], dynamicBytes(description)) }
    }
    for (let i = 0; i < count; i++) {
      const token = await Token.deploy(world, 'VoteToken')
      const governor = await world.deploy('WorkloadGovernor', token.address)
      const proposals: Proposal[] = []
      for (let made = 0; made < several(site, 8, 8); made++) {
        const { id, data } = propose(governor)
        await world.callAs({ address: world.deployer }, governor, data)
        proposals.push({ id, from: 0n })
      }
      daos.push({ governor, token, proposals })
    }
    const voters = people(site, 'voter')
    const seat = new Map<Wallet, { dao: (typeof daos)[number]; next: number }>()
    for (const [i, voter] of voters.all.entries()) {
      const dao = daos[i % count]!
      dao.token.give(voter.address)
      const data = calldata('delegate(address)', voter.address)
      await world.callAs({ address: voter.address }, dao.token.address, data)
      // Each begins with another proposal; the last ones are those that all come to.
      const next = hot ? 0 : Math.floor(i / count) % dao.proposals.length
      seat.set(voter, { dao, next })
    }
    return (block): Call => {
      const sender = voters.next()
      const own = seat.get(sender)!
      const { governor: to, proposals } = own.dao
      const vote = (proposal: Proposal) => {
        const data = calldata('castVote(uint256,uint8)', proposal.id, BigInt(random.below(CHOICES)))
        return { sender, to, fields: { data } }
      }
      // Out of luck: there is no such proposal.
      if (unlucky(site)) return { ...vote({ id: hashOf('nothing'), from: 0n }), gas: 27_000, fails: true }
      const proposal = proposals[own.next]
      const open = proposal !== undefined && proposal.from <= block.number
      if (!open || (!hot && random.below(PROPOSALS) === 0)) {
        const { id, data } = propose(to)
        proposals.push({ id, from: block.number + DELAY })
        return { sender, gas: 95_000, to, fields: { data } }
      }
      own.next++
      return { ...vote(proposal), gas: 82_000 }
    }
  },
}
