// Collectibles and items: ERC-721 and ERC-1155 minted, given away, and sold by orders that sellers signed.
import { calldata, dynamicBytes } from '../abi.js'
import { ETHER } from '../chain.js'
import { plainAddress, type Wallet } from '../wallet.js'
import type { World } from '../world.js'
import { signature, TypedData } from './typedData.js'
import { type Call, type DefiWorkload, payees, people, type Site, several, unlucky } from './workload.js'

const ORDER = 'Order(address seller,address token,uint256 id,uint256 amount,uint256 price,uint256 salt)'
const KINDS = 16
const OWNED = 1_000_000n

/** Orders signed by their sellers, to be bought by others. */
export class Sales {
  readonly market: Uint8Array
  readonly #data: TypedData
  #salt = 0n

  private constructor(market: Uint8Array) {
    this.market = market
    this.#data = new TypedData('Market', market, ORDER)
  }

  static async open(world: World): Promise<Sales> {
    return new Sales(await world.deploy('Market'))
  }

  /** @param quantity 0 for ERC-721 */
  buy(
    buyer: Wallet,
    seller: Wallet,
    token: Uint8Array,
    id: bigint,
    quantity: bigint,
    price: bigint,
    fails: boolean,
  ): Call {
    const order = [seller.address, token, id, quantity, price, ++this.#salt]
    // Out of luck: less is paid than the order says.
    const value = fails ? price - 1n : price
    const signed = signature(this.#data.digest(...order), seller)
    const data = calldata('buy((address,address,uint256,uint256,uint256,uint256),bytes)', ...order, signed)
    return { sender: buyer, gas: fails ? 31_000 : 152_000, to: this.market, fields: { data, value }, fails }
  }
}

interface Collection {
  address: Uint8Array
  sales: Sales
  /** A token that exists. */
  first?: bigint
}

async function collections(site: Site, contract: 'WorkloadNft' | 'WorkloadItems'): Promise<Collection[]> {
  const { world } = site
  const all: Collection[] = []
  for (let i = 0; i < several(site, 6, 16); i++) {
    const royalties = contract === 'WorkloadNft' ? [plainAddress(world.seed, 'artist', i)] : []
    all.push({ address: await world.deploy(contract, ...royalties), sales: await Sales.open(world) })
  }
  return all
}

const nft: DefiWorkload = {
  name: 'nft',
  about: 'ERC-721: mints, transfers, sales on a market with royalty (ERC-2981) and fee',
  spread: 'many collections and markets',
  hot: 'one collection on one market',
  gas: { spread: 97_000, hot: 91_000 },
  share: 25,
  async setUp(site) {
    const { world, random } = site
    const all = await collections(site, 'WorkloadNft')
    const owners = people(site, 'collector')
    const collectionOf = new Map(owners.all.map((owner, i) => [owner, all[i % all.length]!]))
    const owned = new Map<Wallet, bigint[]>()
    const friend = payees({ ...site, hot: false }, 'friend')
    let id = 0n
    for (const [owner, { address, sales }] of collectionOf) {
      await world.callAs({ address: owner.address }, address, calldata('mint(uint256)', ++id))
      const approve = calldata('setApprovalForAll(address,bool)', sales.market, 1n)
      await world.callAs({ address: owner.address }, address, approve)
      owned.set(owner, [id])
      collectionOf.get(owner)!.first ??= id
    }
    return () => {
      const sender = owners.next()
      const { address: to, sales, first } = collectionOf.get(sender)!
      const mine = owned.get(sender)!
      const fails = unlucky(site)
      const dice = random.below(10)
      // From the one who comes next in the same collection: buyers and sellers take turns.
      const other = owners.all[(owners.all.indexOf(sender) + all.length) % owners.all.length]!
      const theirs = owned.get(other)!
      const sellable = collectionOf.get(other)!.address === to && other !== sender && theirs.length > 0
      if (dice < 5 && sellable) {
        const price = ETHER / 100n + BigInt(random.u32())
        const bought = fails ? theirs[0]! : theirs.shift()!
        if (!fails) mine.push(bought)
        return sales.buy(sender, other, to, bought, 0n, price, fails)
      }
      if (dice < 8 || mine.length === 0) {
        const minted = fails ? first! : ++id
        if (!fails) mine.push(minted)
        const data = calldata('mint(uint256)', minted)
        return { sender, gas: fails ? 55_000 : 83_000, to, fields: { data }, fails }
      }
      const given = fails ? id + 1_000_000n : mine.shift()!
      const signature = 'transferFrom(address,address,uint256)'
      const data = calldata(signature, sender.address, friend(), given)
      return { sender, gas: fails ? 28_000 : 62_000, to, fields: { data }, fails }
    }
  },
}

const items: DefiWorkload = {
  name: 'items',
  about: 'ERC-1155: mints, transfers alone and in batches, sales on a market',
  spread: 'many contracts and kinds',
  hot: 'one kind of item',
  gas: { spread: 87_000, hot: 59_000 },
  share: 10,
  async setUp(site) {
    const { world, random, hot } = site
    const all = await collections(site, 'WorkloadItems')
    const owners = people(site, 'player')
    const collectionOf = new Map(owners.all.map((owner, i) => [owner, all[i % all.length]!]))
    const guild = payees(site, 'guild')
    const kind = () => (hot ? 0n : BigInt(random.below(KINDS)))
    for (const [owner, { address, sales }] of collectionOf) {
      for (let id = 0n; id < (hot ? 1n : 4n); id++) {
        await world.callAs({ address: owner.address }, address, calldata('mint(uint256,uint256)', id, OWNED))
      }
      const approve = calldata('setApprovalForAll(address,bool)', sales.market, 1n)
      await world.callAs({ address: owner.address }, address, approve)
    }
    const ownKind = () => (hot ? 0n : BigInt(random.below(4)))
    return () => {
      const sender = owners.next()
      const { address: to, sales } = collectionOf.get(sender)!
      const fails = unlucky(site)
      const dice = random.below(10)
      const other = owners.all[(owners.all.indexOf(sender) + all.length) % owners.all.length]!
      if (dice < 4 && collectionOf.get(other)!.address === to && other !== sender) {
        const price = ETHER / 1_000n + BigInt(random.u32())
        return sales.buy(sender, other, to, ownKind(), 1n + BigInt(random.below(3)), price, fails)
      }
      const friend = guild()
      const quantity = fails ? OWNED << 64n : 1n + BigInt(random.below(9))
      if (dice < 6 && !fails) {
        const data = calldata('mint(uint256,uint256)', kind(), quantity)
        return { sender, gas: 66_000, to, fields: { data } }
      }
      if (dice < 8 || hot) {
        const signature = 'safeTransferFrom(address,address,uint256,uint256,bytes)'
        const data = calldata(signature, sender.address, friend, ownKind(), quantity, dynamicBytes(''))
        return { sender, gas: fails ? 29_000 : 56_000, to, fields: { data }, fails }
      }
      const signature = 'safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)'
      const quantities = [quantity, 2n, 3n]
      const data = calldata(signature, sender.address, friend, [0n, 1n, 2n], quantities, dynamicBytes(''))
      return { sender, gas: fails ? 32_000 : 110_000, to, fields: { data }, fails }
    }
  },
}

export const COLLECTIBLES = [nft, items]
