// The same transaction with every kind of gas limit, from the least that is valid to more than it needs: where the gas ends
// must not matter, and what is left must be exact.
import {
  CALL_VALUE,
  call,
  callWith,
  createFactory,
  factory,
  GAS,
  initCode,
  POP,
  push,
  pushAddress,
  STOP,
  selfdestruct,
  sload,
  sstore,
} from '../bytecode.js'
import { unhex } from '../mapState.js'
import {
  A,
  address,
  B,
  build,
  C,
  CONTRACT,
  D,
  FORKS,
  OTHER,
  PRECOMPILE,
  reference,
  rich,
  type Scenario,
  type ScenarioAccount,
  type ScenarioTransaction,
  since,
  word,
} from '../scenario.js'
import type { Family } from './family.js'

/** The least gas limit that a block may hold for it: intrinsic gas, and the floor of EIP-7623. */
function leastGas(hardfork: string, transaction: Omit<ScenarioTransaction, 'from'>): bigint {
  const { to, data = '', accessList = [] } = transaction
  const is = (fork: (typeof FORKS)[number]) => since(fork).includes(hardfork)
  const bytes = unhex(data)
  const zeros = bytes.filter((byte) => byte === 0).length
  const rest = bytes.length - zeros
  let gas = 21_000 + 4 * zeros + (is('istanbul') ? 16 : 68) * rest
  if (to === undefined && is('homestead')) gas += 32_000
  if (to === undefined && is('shanghai')) gas += 2 * Math.ceil(bytes.length / 32)
  for (const [, keys] of accessList) gas += 2400 + 1900 * keys.length
  return BigInt(is('prague') ? Math.max(gas, 21_000 + 10 * zeros + 40 * rest) : gas)
}

const PLENTY = 600_000n
const STEPS = 30n

/** One block: the transaction again and again, sent in turn by three senders. */
async function sweep(
  hardfork: string,
  accounts: ScenarioAccount[],
  transaction: Omit<ScenarioTransaction, 'from' | 'gas'>,
): Promise<Scenario> {
  const least = leastGas(hardfork, transaction)
  const scenario: Scenario = { hardfork, accounts: [...rich, ...accounts], transactions: [] }
  const plenty = await reference(build({ ...scenario, transactions: [{ ...transaction, from: A, gas: PLENTY }] }))
  const used = plenty.gasUsed
  // Refunds and what calls must leave behind make the need larger than what was used.
  const last = least + ((used - least) * 5n) / 3n + 6_000n
  const limits = [least, least + 1n, least + 2n, used - 2n, used - 1n, used, used + 1n, used + 2n]
  for (let i = 1n; i <= STEPS; i++) limits.push(least + ((last - least) * i) / STEPS)
  const senders = [A, B, C]
  limits
    .filter((gas) => gas >= least)
    .forEach((gas, i) => {
      scenario.transactions.push({ ...transaction, from: senders[i % 3] as Uint8Array, gas })
    })
  return scenario
}

const THIRD = address(0x102)
const contract = (code: string, more: Partial<ScenarioAccount> = {}): ScenarioAccount => ({
  address: CONTRACT,
  nonce: 1n,
  balance: 1_000n,
  code,
  ...more,
})
const other = (code: string): ScenarioAccount => ({
  address: OTHER,
  nonce: 1n,
  balance: 100n,
  code,
  storage: { 1: 3n },
})
const precompile = (last: number): Uint8Array => unhex(last.toString(16).padStart(40, '0'))
/** Keeps what is on the stack in a slot. */
const keep = (key: number): string => `${push(key)}55`
const MSTORE = '52'

type Swept = [accounts: ScenarioAccount[], transaction: Omit<ScenarioTransaction, 'from' | 'gas'>]
const program = (code: string, ...more: ScenarioAccount[]): Swept => [[contract(code), ...more], { to: CONTRACT }]

/** The body `count` times; it leaves the stack as it was. */
const loop = (count: number, body: string): string => {
  const back = (body.length / 2 + 8).toString(16).padStart(2, '0')
  return `${push(count)}5b${body}600190038060${back}580357${POP}`
}

const PROGRAMS: { name: string; forks: readonly string[]; programs: (hardfork: string) => Swept[] }[] = [
  {
    name: 'SSTORE: set, change, clear, restore, the stipend it must leave (EIP-1706, EIP-2200)',
    forks: FORKS,
    programs: () => [
      program(sstore(1, GAS) + sstore(2, push(7)) + sstore(2, push(0)) + STOP),
      program(sstore(1, push(0)) + sstore(1, `${sload(1)}${GAS}01`) + sstore(3, sload(2)) + sstore(2, GAS) + STOP),
      // A callee with the gas of the stipend and little more.
      program(
        [0, 700, 2299, 2300, 2301, 5000].map((gas, i) => call(OTHER, i % 2, push(gas)) + keep(i + 1)).join('') + STOP,
        other(sstore(1, push(3)) + STOP),
      ),
    ],
  },
  {
    name: 'calls that get all but one 64th (EIP-150), or ask for more than there is',
    forks: FORKS,
    programs: () => [
      program(
        call(OTHER, 0, GAS) + keep(1) + sstore(2, GAS) + STOP,
        other(call(THIRD, 0, GAS) + keep(1) + sstore(2, GAS)),
        {
          address: THIRD,
          nonce: 1n,
          code: `${sstore(1, GAS)}${sstore(2, GAS)}fe`,
        },
      ),
      program(
        call(OTHER, 1, '62012345') + keep(1) + sstore(2, GAS) + call(D, 1, '6201ffff') + keep(3) + STOP,
        other(sstore(1, GAS) + loop(40, `${GAS}${POP}`)),
      ),
      // Calls itself as deep as the gas goes.
      program(`${call(CONTRACT, 0, GAS)}${POP}60006000a0${STOP}`),
    ],
  },
  {
    name: 'what is paid for the code of a creation, and its init code (EIP-170, EIP-3860)',
    forks: FORKS,
    programs: (hardfork) => {
      const runtime = initCode('5b'.repeat(300))
      const made = [
        createFactory(sstore(3, GAS)),
        ...(since('petersburg').includes(hardfork) ? [factory(sstore(3, GAS))] : []),
      ]
      return [
        [[], { data: runtime }],
        [[], { data: initCode(STOP, sstore(1, GAS) + sstore(2, GAS)), value: 3n }],
        ...made.map((code): Swept => [[contract(code)], { to: CONTRACT, data: runtime }]),
        ...made.map(
          (code): Swept => [[contract(code)], { to: CONTRACT, data: initCode(STOP, sstore(1, GAS)), value: 1n }],
        ),
      ]
    },
  },
  {
    name: 'memory that grows',
    forks: FORKS,
    programs: (hardfork) => [
      program(`${push(0x1000)}51${POP}${GAS}${push(0x2fff)}${MSTORE}${sstore(1, '59')}6001${push(0x7fe1)}53${STOP}`),
      program(`${push(0x3000)}${push(0x21)}20${keep(1)}${push(0x3200)}6000600037${push(64)}${push(0x4100)}a0${STOP}`),
      program(
        `${push(0x2000)}6000${push(0x1fff)}39${push(0x2100)}6000${push(0x100)}${pushAddress(OTHER)}3c${sstore(1, GAS)}`,
        other(STOP),
      ),
      program(
        `${push(0x3000)}${push(0x2000)}${push(0x20)}${push(0x1000)}6000${pushAddress(OTHER)}${push(50_000)}f1${keep(1)}${sstore(2, GAS)}`,
        other(sstore(1, GAS)),
      ),
      program(
        since('cancun').includes(hardfork) ? `${push(0x3000)}${push(0x20)}${push(0x80)}5e${sstore(1, GAS)}` : STOP,
      ),
    ],
  },
  {
    name: 'precompiles: all gas, too little, with value, one that does not exist yet',
    forks: FORKS,
    programs: () => [
      program([1, 2, 3, 4].map((at) => callWith(precompile(at), 200, GAS) + keep(at)).join('') + sstore(9, GAS)),
      program(
        [1, 2, 3, 4].map((at) => callWith(precompile(at), 200, push(at * 30)) + keep(at)).join('') + sstore(9, GAS),
      ),
      program(
        [5, 6, 7, 9].map((at) => callWith(precompile(at), 213, push(at * 1000)) + keep(at)).join('') + sstore(8, GAS),
      ),
      program(
        call(PRECOMPILE, 1, push(900)) + keep(1) + call(precompile(0x1ff), 1, push(0)) + keep(2) + sstore(3, GAS),
      ),
      [[], { to: PRECOMPILE, data: '01'.repeat(99), value: 1n }],
      [[], { to: precompile(1), data: '01'.repeat(128) }],
    ],
  },
  {
    name: 'the stipend of a call with value, and the price of a new account',
    forks: FORKS,
    programs: () => [
      program(
        call(OTHER, 1, push(0)) + keep(1) + call(OTHER, 0, push(0)) + keep(2) + sstore(3, GAS),
        other(`${GAS}${POP}60006000a0`),
      ),
      program(call(OTHER, 1, push(0)) + keep(1) + sstore(3, GAS), other(`60ff6000${MSTORE}60206000a0`)),
      program(
        call(D, 1, push(1)) +
          keep(1) +
          call(D, 1, push(2)) +
          keep(2) +
          call(THIRD, 0, push(3)) +
          keep(3) +
          sstore(4, GAS),
      ),
      program(sstore(1, CALL_VALUE) + selfdestruct(D)),
      program(call(OTHER) + keep(1) + sstore(2, GAS), other(sstore(1, push(0)) + selfdestruct(D))),
    ],
  },
  {
    name: 'creations inside creations',
    forks: FORKS,
    programs: () => {
      const inner = initCode(STOP, sstore(1, GAS) + sstore(1, push(0)))
      const itself = `3860006000393860006000f0`
      const endless = initCode(STOP, `${itself}${POP}60006000a0`)
      return [
        [[contract(createFactory())], { to: CONTRACT, data: inner, value: 2n }],
        [[contract(createFactory(sstore(4, GAS)))], { to: CONTRACT, data: endless }],
        [[contract(`${loop(6, `600060006000f0${POP}`)}${sstore(1, GAS)}`)], { to: CONTRACT }],
      ]
    },
  },
  {
    name: 'operations whose price depends on their operands',
    forks: FORKS,
    programs: () => [
      program(
        `${sstore(1, `${push(0x1234)}${push(0x101)}0a`)}${sstore(2, `${push(300)}600020`)}` +
          `6001600260036004${push(70)}6000a4${pushAddress(D)}31${keep(3)}${pushAddress(D)}3b${keep(4)}${sstore(5, GAS)}`,
      ),
    ],
  },
  {
    name: 'access lists (EIP-2930): what is listed, what is not, what is listed twice',
    forks: since('berlin'),
    programs: () => {
      const code =
        sstore(5, sload(1)) + sstore(6, sload(2)) + call(OTHER) + keep(7) + call(D) + keep(8) + sstore(1, GAS) + STOP
      const keys = (...list: bigint[]) => list.map(word)
      const lists: [Uint8Array, Uint8Array[]][][] = [
        [],
        [[CONTRACT, keys(1n, 5n, 7n)]],
        [
          [CONTRACT, keys(1n, 1n, 6n)],
          [OTHER, keys(1n)],
          [OTHER, []],
          [D, []],
        ],
        [[precompile(2), keys(0n)]],
      ]
      return lists.map(
        (accessList): Swept => [
          [contract(code, { storage: { 1: 5n } }), other(sstore(1, GAS))],
          { to: CONTRACT, accessList },
        ],
      )
    },
  },
  {
    name: 'the floor of calldata (EIP-7623), with gas and refunds around it',
    forks: since('istanbul'),
    programs: () =>
      [sstore(1, push(0)), sstore(1, push(0)) + sstore(2, GAS), loop(200, `${GAS}${POP}`)].flatMap((code): Swept[] => [
        [[contract(code, { storage: { 1: 5n } })], { to: CONTRACT, data: '01'.repeat(300) }],
        [[contract(code, { storage: { 1: 5n } })], { to: CONTRACT, data: `${'00'.repeat(900)}${'01'.repeat(100)}` }],
        [[], { data: initCode('5b'.repeat(200), code) }],
      ]),
  },
]

export const gasLimits: Family[] = PROGRAMS.map(({ name, forks, programs }) => ({
  name: `gas limits: ${name}`,
  forks,
  blocks: (hardfork) =>
    Promise.all(programs(hardfork).map(([accounts, transaction]) => sweep(hardfork, accounts, transaction))),
}))
