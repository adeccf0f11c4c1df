// Forks by the names that the tests give them.
import type { ChainConfig, HardforkTransitionConfig } from '@ethereumjs/common'
import { Mainnet } from '@ethereumjs/common'
import { Rules } from '../abi/evmRecords.js'
import type { ChainRules } from '../block/common.js'
import { UnusableTestError } from './errors.js'
import { type BlobSchedule, type TestConfig, word } from './json.js'

interface Fork {
  /** As @ethereumjs/common names it. */
  hardfork: string
  rules: Rules
}

const FORKS: Record<string, Fork> = {
  Frontier: { hardfork: 'chainstart', rules: Rules.FRONTIER },
  Homestead: { hardfork: 'homestead', rules: Rules.HOMESTEAD },
  Dao: { hardfork: 'dao', rules: Rules.HOMESTEAD },
  EIP150: { hardfork: 'tangerineWhistle', rules: Rules.TANGERINE_WHISTLE },
  EIP158: { hardfork: 'spuriousDragon', rules: Rules.SPURIOUS_DRAGON },
  Byzantium: { hardfork: 'byzantium', rules: Rules.BYZANTIUM },
  Constantinople: { hardfork: 'constantinople', rules: Rules.CONSTANTINOPLE },
  ConstantinopleFix: { hardfork: 'petersburg', rules: Rules.PETERSBURG },
  Istanbul: { hardfork: 'istanbul', rules: Rules.ISTANBUL },
  MuirGlacier: { hardfork: 'muirGlacier', rules: Rules.ISTANBUL },
  Berlin: { hardfork: 'berlin', rules: Rules.BERLIN },
  London: { hardfork: 'london', rules: Rules.LONDON },
  ArrowGlacier: { hardfork: 'arrowGlacier', rules: Rules.LONDON },
  GrayGlacier: { hardfork: 'grayGlacier', rules: Rules.LONDON },
  Merge: { hardfork: 'paris', rules: Rules.PARIS },
  Paris: { hardfork: 'paris', rules: Rules.PARIS },
  Shanghai: { hardfork: 'shanghai', rules: Rules.SHANGHAI },
  Cancun: { hardfork: 'cancun', rules: Rules.CANCUN },
  Prague: { hardfork: 'prague', rules: Rules.PRAGUE },
  Osaka: { hardfork: 'osaka', rules: Rules.OSAKA },
  BPO1: { hardfork: 'bpo1', rules: Rules.OSAKA },
  BPO2: { hardfork: 'bpo2', rules: Rules.OSAKA },
  BPO3: { hardfork: 'bpo3', rules: Rules.OSAKA },
  BPO4: { hardfork: 'bpo4', rules: Rules.OSAKA },
}

/** In order of activation. */
const ORDER = [...new Set(Object.values(FORKS).map(({ hardfork }) => hardfork))]
const FIRST_BY_TIME = ORDER.indexOf('shanghai')
/** Forks that only delay the difficulty bomb, or change the state once: a chain has them when the test says so. */
const OPTIONAL = new Set(['dao', 'arrowGlacier', 'grayGlacier'])

/** On no chain yet: the official tests' numbers, for tests that bring none. */
const UNSCHEDULED: Record<string, BlobSchedule> = {
  BPO3: { target: '0x15', max: '0x20', baseFeeUpdateFraction: '0x13a7aa1' },
  BPO4: { target: '0x0e', max: '0x15', baseFeeUpdateFraction: '0xd1a66e' },
}

/** As the tests name them, in order of activation. */
export const FORK_NAMES: readonly string[] = Object.keys(FORKS)

export function hasFork(name: string): boolean {
  return FORKS[name] !== undefined
}

/** @throws UnusableTestError */
export function forkOf(name: string): Fork {
  const fork = FORKS[name]
  if (fork === undefined) throw new UnusableTestError(`there is no fork '${name}' up to Osaka and its BPO forks`)
  return fork
}

/** Rules of a test with one fork from the first block on, or of a transition like ShanghaiToCancunAtTime15k. */
export function rulesOfNetwork(network: string, config: TestConfig = {}): ChainRules {
  const transition = /^(\w+?)To(\w+)At(Time)?(\d+)(k?)$/.exec(network)
  if (transition === null) {
    return { ...rulesOf(network, undefined, config), hardfork: forkOf(network).hardfork }
  }
  const [, before, after, , number, thousands] = transition
  const at = Number(number) * (thousands === 'k' ? 1000 : 1)
  return rulesOf(before as string, { name: after as string, at }, config)
}

function rulesOf(first: string, later: { name: string; at: number } | undefined, config: TestConfig): ChainRules {
  const from = ORDER.indexOf(forkOf(first).hardfork)
  const to = later === undefined ? from : ORDER.indexOf(forkOf(later.name).hardfork)
  const named = new Set([ORDER[from], ORDER[to]])
  const hardforks = ORDER.slice(0, to + 1)
    .filter((name) => !OPTIONAL.has(name) || named.has(name))
    .map((name): HardforkTransitionConfig => {
      const at = later !== undefined && ORDER.indexOf(name) > from ? later.at : 0
      if (ORDER.indexOf(name) >= FIRST_BY_TIME) return { name, block: null, timestamp: String(at) }
      return { name, block: at, ...(name === 'paris' ? { ttd: '0' } : {}) }
    })
  const blobs = blobForks(config, new Set(hardforks.map(({ name }) => name)))
  const chain: ChainConfig = {
    ...Mainnet,
    name: 'test',
    chainId: Number(word(config.chainid ?? '0x1')),
    hardforks,
    ...(Object.keys(blobs).length > 0 && { customHardforks: blobs }),
  }
  return { chain, hardfork: 'schedule', eips: [], params: {} }
}

/** Forks that change nothing but the number of blobs (EIP-7892), with the numbers of the test. */
function blobForks(
  { blobSchedule = {} }: TestConfig,
  active: ReadonlySet<string>,
): NonNullable<ChainConfig['customHardforks']> {
  const forks: NonNullable<ChainConfig['customHardforks']> = {}
  for (const [name, schedule] of Object.entries({ ...UNSCHEDULED, ...blobSchedule })) {
    if (!name.startsWith('BPO') || !active.has(forkOf(name).hardfork)) continue
    const { target, max, baseFeeUpdateFraction } = schedule
    const params = {
      target: Number(word(target)),
      max: Number(word(max)),
      blobGasPriceUpdateFraction: Number(word(baseFeeUpdateFraction)),
    }
    forks[forkOf(name).hardfork] = { eips: [], params }
  }
  return forks
}
