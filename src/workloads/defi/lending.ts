// Lending on Aave V3: supply, borrow, repay, withdraw, and liquidations after a price has fallen.
import { calldata } from '../abi.js'
import { ETHER } from '../chain.js'
import type { Wallet } from '../wallet.js'
import { deployAave, type Market, PRICE, type Reserve } from './aave.js'
import { amount, type Call, type DefiWorkload, people, type Site, several, unlucky } from './workload.js'

const ALL = (1n << 256n) - 1n
const VARIABLE = 2n
/** What pools hold before the block, and what the accounts to be liquidated owe. */
const DEPTH = 500_000n * ETHER
const UNDER_WATER = { collateral: 100_000n * ETHER, debt: 74_000n * ETHER }
const FALLEN_PRICE = (PRICE * 8n) / 10n
/** One in eight transactions liquidates. */
const LIQUIDATIONS = 8

/** What an account does, again and again; they begin at different steps. */
const STEPS = ['supply', 'borrow', 'repay', 'withdraw'] as const
const GAS = { supply: 215_000, borrow: 300_000, repay: 180_000, withdraw: 195_000, liquidate: 380_000, fails: 160_000 }

/** Collateral, what is borrowed, and the collateral that has lost in value. */
interface Lane {
  pool: Uint8Array
  collateral: Reserve
  debt: Reserve
  fallen: Reserve
  /** Owes more than is good. */
  borrower: Wallet
}

interface Account {
  wallet: Wallet
  lane: Lane
  step: number
}

export const lending: DefiWorkload = {
  name: 'lending',
  about: 'Aave V3: supply, borrow, repay, withdraw, liquidate',
  spread: 'many pairs of reserves in one pool',
  hot: 'one pair of reserves',
  gas: { spread: 193_000, hot: 191_000 },
  share: 20,
  async setUp(site) {
    const { world, random } = site
    const count = several(site, 4, 12)
    const market = await deployAave(world, 3 * count)
    const lanes: Lane[] = []
    for (let i = 0; i < count; i++) lanes.push(await openLane(site, market, i))
    const wallets = people(site, 'lender')
    const accounts = new Map<Wallet, Account>()
    for (const [i, wallet] of wallets.all.entries()) {
      const account = { wallet, lane: lanes[i % count]!, step: 0 }
      accounts.set(wallet, account)
      for (const { token } of [account.lane.collateral, account.lane.debt]) {
        token.give(wallet.address)
        token.approve(wallet.address, market.pool)
      }
      for (let steps = Math.floor(i / count) % STEPS.length; steps > 0; steps--) {
        await world.callAs({ address: wallet.address }, market.pool, proceed(site, account).fields!.data!)
      }
    }
    return () => {
      const account = accounts.get(wallets.next())!
      if (random.below(LIQUIDATIONS) === 0) return liquidation(site, account)
      return unlucky(site) ? overdraft(account) : proceed(site, account)
    }
  },
}

async function openLane(site: Site, { pool, reserves }: Market, index: number): Promise<Lane> {
  const { world } = site
  const [collateral, debt, fallen] = reserves.slice(3 * index, 3 * index + 3) as [Reserve, Reserve, Reserve]
  const depositor = world.user('aave depositor', index)
  const borrower = world.user('aave borrower', index)
  for (const { address } of [depositor, borrower]) {
    for (const { token } of [collateral, debt, fallen]) {
      token.give(address)
      token.approve(address, pool)
    }
  }
  const lane = { pool, collateral, debt, fallen, borrower }
  await world.callAs({ address: depositor.address }, pool, supply(collateral, DEPTH, depositor))
  await world.callAs({ address: depositor.address }, pool, supply(debt, DEPTH, depositor))
  await world.callAs({ address: borrower.address }, pool, supply(fallen, UNDER_WATER.collateral, borrower))
  await world.callAs({ address: borrower.address }, pool, borrow(debt, UNDER_WATER.debt, borrower))
  await world.call(fallen.feed, 'transmit(int256)', FALLEN_PRICE)
  return lane
}

function proceed(site: Site, account: Account): Call {
  const { wallet, lane } = account
  const step = STEPS[account.step]!
  account.step = (account.step + 1) % STEPS.length
  const data = {
    supply: () => supply(lane.collateral, 100n * ETHER + amount(site, 100), wallet),
    borrow: () => borrow(lane.debt, amount(site, 50), wallet),
    repay: () =>
      calldata('repay(address,uint256,uint256,address)', lane.debt.token.address, ALL, VARIABLE, wallet.address),
    withdraw: () => calldata('withdraw(address,uint256,address)', lane.collateral.token.address, ALL, wallet.address),
  }[step]()
  return { sender: wallet, gas: GAS[step], to: lane.pool, fields: { data } }
}

/** Borrowing far above the collateral. */
function overdraft({ wallet, lane }: Account): Call {
  const data = borrow(lane.debt, 10_000n * ETHER, wallet)
  return { sender: wallet, gas: GAS.fails, to: lane.pool, fields: { data }, fails: true }
}

function liquidation(site: Site, { wallet, lane }: Account): Call {
  const data = calldata(
    'liquidationCall(address,address,address,uint256,bool)',
    lane.fallen.token.address,
    lane.debt.token.address,
    lane.borrower.address,
    amount(site, 5),
    0n,
  )
  return { sender: wallet, gas: GAS.liquidate, to: lane.pool, fields: { data } }
}

function supply({ token }: Reserve, value: bigint, { address }: Wallet): Uint8Array {
  return calldata('supply(address,uint256,address,uint16)', token.address, value, address, 0n)
}

function borrow({ token }: Reserve, value: bigint, { address }: Wallet): Uint8Array {
  return calldata('borrow(address,uint256,uint256,uint16,address)', token.address, value, VARIABLE, 0n, address)
}
