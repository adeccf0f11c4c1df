// Accounts that are contracts: bundles of user operations (ERC-4337) and batches of delegated accounts (EIP-7702).
import { calldata, dynamicBytes, dynamicTuple, word } from '../abi.js'
import { CHAIN_ID, ETHER } from '../chain.js'
import { Token, transferData } from '../token.js'
import { signAuthorization } from '../transaction.js'
import { plainAddress, type Wallet } from '../wallet.js'
import { hashOf, signature, TypedData } from './typedData.js'
import { amount, type DefiWorkload, payees, people, several, Turns, unlucky } from './workload.js'

const OPERATION =
  'PackedUserOperation(address sender,uint256 nonce,bytes initCode,bytes callData,bytes32 accountGasLimits,' +
  'uint256 preVerificationGas,bytes32 gasFees,bytes paymasterAndData)'
const OPERATIONS = 4
const NOTHING = new Uint8Array(0)
/** Verification and call gas of an operation, 16 bytes each; fees likewise. */
const GAS_LIMITS = word((150_000n << 128n) | 120_000n)
const FEES = word((100_000_000n << 128n) | 3_000_000_000n)
const PRE_VERIFICATION_GAS = 45_000n
const DELEGATION = Uint8Array.of(0xef, 0x01, 0x00)

const bundles: DefiWorkload = {
  name: 'erc4337',
  about: `bundles of ${OPERATIONS} user operations through the EntryPoint, tokens sent by smart accounts`,
  spread: 'many bundlers and tokens, every account its own',
  hot: 'one bundler, one token, one payee',
  gas: { spread: 389_000, hot: 304_000 },
  share: 5,
  async setUp(site) {
    const { world, hot } = site
    const entryPoint = await world.deploy('EntryPoint')
    const factory = await world.deploy('SimpleAccountFactory', entryPoint)
    const creator = (await world.call(entryPoint, 'senderCreator()')).slice(12)
    const operation = new TypedData('ERC4337', entryPoint, OPERATION)
    const tokens: Token[] = []
    for (let i = 0; i < several(site, 4, 12); i++) tokens.push(await Token.deploy(world))
    const owners = people({ ...site, transactions: site.transactions * OPERATIONS }, 'owner')
    const accounts: { address: Uint8Array; owner: Wallet; token: Token; nonce: bigint }[] = []
    for (const [i, owner] of owners.all.entries()) {
      const data = calldata('createAccount(address,uint256)', owner.address, 0n)
      const address = (await world.callAs({ address: creator }, factory, data)).slice(12)
      const deposit = calldata('depositTo(address)', address)
      await world.callAs({ address: owner.address, value: 10n * ETHER }, entryPoint, deposit)
      const token = tokens[i % tokens.length]!
      token.give(address)
      accounts.push({ address, owner, token, nonce: 0n })
    }
    const turns = new Turns(accounts)
    const bundlers = people(site, 'bundler')
    const beneficiary = payees(site, 'beneficiary')
    return () => {
      const sender = hot ? bundlers.all[0]! : bundlers.next()
      const fails = unlucky(site)
      const operations = Array.from({ length: OPERATIONS }, (_, index) => {
        const account = turns.next()
        const call = dynamicBytes(transferData(beneficiary(), amount(site, 1)))
        const data = calldata('execute(address,uint256,bytes)', account.token.address, 0n, call)
        // Out of luck: one operation has a nonce that is used already, and the whole bundle fails.
        const wrong = fails && index === OPERATIONS - 1
        const nonce = wrong ? account.nonce + 1n : account.nonce
        if (!fails) account.nonce++
        const limits = [GAS_LIMITS, PRE_VERIFICATION_GAS, FEES] as const
        const digest = operation.digest(
          account.address,
          nonce,
          hashOf(NOTHING),
          hashOf(data),
          ...limits,
          hashOf(NOTHING),
        )
        const [empty, signed] = [dynamicBytes(NOTHING), dynamicBytes(signature(digest, account.owner))]
        return dynamicTuple(account.address, nonce, empty, dynamicBytes(data), ...limits, empty, signed)
      })
      const tuple = '(address,uint256,bytes,bytes,bytes32,uint256,bytes32,bytes,bytes)'
      const data = calldata(`handleOps(${tuple}[],address)`, operations, sender.address)
      return { sender, gas: fails ? 210_000 : 450_000, to: entryPoint, fields: { data, gasLimit: 2_500_000n }, fails }
    }
  },
}

const batches: DefiWorkload = {
  name: 'eip7702',
  about: 'accounts with delegated code (EIP-7702) that approve and send in one batch; one in four delegates first',
  spread: 'many tokens',
  hot: 'one token, one payee',
  gas: { spread: 87_000, hot: 69_000 },
  share: 10,
  async setUp(site) {
    const { world, random } = site
    const code = await world.deploy('Simple7702Account')
    const tokens: Token[] = []
    for (let i = 0; i < several(site, 4, 16); i++) tokens.push(await Token.deploy(world))
    const owners = people(site, 'delegating')
    const tokenOf = new Map(owners.all.map((owner, i) => [owner, tokens[i % tokens.length]!]))
    const delegated = new Set<Wallet>()
    for (const [i, [owner, token]] of [...tokenOf].entries()) {
      token.give(owner.address)
      if (i % 4 === 3) continue
      world.state.set(owner.address, { code: Buffer.concat([DELEGATION, code]) })
      delegated.add(owner)
    }
    const shop = payees(site, 'shop')
    return () => {
      const owner = owners.next()
      const { address: token } = tokenOf.get(owner)!
      const fails = unlucky(site)
      const pay = transferData(shop(), fails ? 1n << 200n : amount(site, 1))
      const approve = calldata(
        'approve(address,uint256)',
        plainAddress(world.seed, 'spender', random.below(9)),
        1n << 90n,
      )
      const calls = [approve, pay].map((data) => dynamicTuple(token, 0n, dynamicBytes(data)))
      const data = calldata('executeBatch((address,uint256,bytes)[])', calls)
      const call = { gas: fails ? 75_000 : 98_000, to: owner.address, fails }
      if (delegated.has(owner)) return { ...call, sender: owner, fields: { data } }
      // The account's own authorization comes after its transaction: the nonces are the next two.
      delegated.add(owner)
      const sender = { ...owner, nonce: owner.nonce++ }
      const authorizations = [signAuthorization(CHAIN_ID, owner, code)]
      return { ...call, gas: call.gas + 25_000, sender, fields: { type: 4, data, authorizations } }
    }
  },
}

export const ACCOUNTS = [bundles, batches]
