// Yield: staking with rewards by the second, and vaults of ERC-4626.
import { calldata } from '../abi.js'
import { ETHER } from '../chain.js'
import { Token } from '../token.js'
import type { Wallet } from '../wallet.js'
import { amount, type DefiWorkload, people, several, unlucky } from './workload.js'

const STAKE = 1_000n * ETHER
const REWARD_RATE = ETHER / 10n

const staking: DefiWorkload = {
  name: 'staking',
  about: 'stakes, withdrawals and claims of rewards that accrue by the second',
  spread: 'many farms',
  hot: 'one farm',
  gas: { spread: 105_000, hot: 101_000 },
  share: 15,
  async setUp(site) {
    const { world, random } = site
    const farms: { token: Token; farm: Uint8Array }[] = []
    for (let i = 0; i < several(site, 4, 24); i++) {
      const token = await Token.deploy(world)
      const reward = await Token.deploy(world)
      const farm = await world.deploy('StakingRewards', token.address, reward.address, REWARD_RATE)
      reward.give(farm)
      farms.push({ token, farm })
    }
    const stakers = people(site, 'staker')
    const farmOf = new Map<Wallet, Uint8Array>()
    for (const [i, staker] of stakers.all.entries()) {
      const { token, farm } = farms[i % farms.length]!
      token.give(staker.address)
      token.approve(staker.address, farm)
      farmOf.set(staker, farm)
      await world.callAs({ address: staker.address }, farm, calldata('stake(uint256)', STAKE))
    }
    return () => {
      const sender = stakers.next()
      const to = farmOf.get(sender)!
      // More than was ever staked.
      if (unlucky(site)) {
        const data = calldata('withdraw(uint256)', STAKE << 64n)
        return { sender, gas: 55_000, to, fields: { data }, fails: true }
      }
      const dice = random.below(5)
      if (dice < 2)
        return { sender, gas: 88_000, to, fields: { data: calldata('stake(uint256)', STAKE / 100n + amount(site, 1)) } }
      if (dice < 3) return { sender, gas: 82_000, to, fields: { data: calldata('withdraw(uint256)', amount(site, 1)) } }
      return { sender, gas: 82_000, to, fields: { data: calldata('getReward()') } }
    }
  },
}

const vault: DefiWorkload = {
  name: 'vault',
  about: 'deposits into and redemptions from ERC-4626 vaults, now and then yield for all shares',
  spread: 'many vaults',
  hot: 'one vault',
  gas: { spread: 55_000, hot: 54_000 },
  share: 15,
  async setUp(site) {
    const { world, random } = site
    const vaults: { token: Token; vault: Uint8Array }[] = []
    for (let i = 0; i < several(site, 4, 24); i++) {
      const token = await Token.deploy(world)
      vaults.push({ token, vault: await world.deploy('WorkloadVault', token.address) })
    }
    const savers = people(site, 'saver')
    const vaultOf = new Map<Wallet, (typeof vaults)[number]>()
    for (const [i, saver] of savers.all.entries()) {
      const at = vaults[i % vaults.length]!
      at.token.give(saver.address)
      at.token.approve(saver.address, at.vault)
      vaultOf.set(saver, at)
      await world.callAs(
        { address: saver.address },
        at.vault,
        calldata('deposit(uint256,address)', STAKE, saver.address),
      )
    }
    return () => {
      const sender = savers.next()
      const { token, vault: to } = vaultOf.get(sender)!
      const { address } = sender
      if (unlucky(site)) {
        const data = calldata('redeem(uint256,address,address)', STAKE << 64n, address, address)
        return { sender, gas: 38_000, to, fields: { data }, fails: true }
      }
      const dice = random.below(16)
      if (dice === 0) {
        const data = calldata('transfer(address,uint256)', to, amount(site, 1))
        return { sender, gas: 35_000, to: token.address, fields: { data } }
      }
      const data =
        dice < 9
          ? calldata('deposit(uint256,address)', STAKE / 100n + amount(site, 1), address)
          : calldata('redeem(uint256,address,address)', amount(site, 1), address, address)
      return { sender, gas: dice < 9 ? 84_000 : 78_000, to, fields: { data } }
    }
  },
}

export const YIELDS = [staking, vault]
