import { type ChainConfig, Common, type CustomCrypto, type ParamsDict } from '@ethereumjs/common'
import { EngineError, InvalidBlockError } from './errors.js'
import { PACKAGE_PARAMS } from './packageParams.generated.js'

/** The rules of a chain as plain data: what is left of a Common that can be sent to a worker. */
export interface ChainRules {
  chain: ChainConfig
  /** `schedule`: by block number and timestamp. Else the name of the hardfork that holds for every block. */
  hardfork: 'schedule' | (string & {})
  /** EIPs activated on top of the hardfork. */
  eips: number[]
  /** Parameters that differ from those of the @ethereumjs packages. */
  params: ParamsDict
}

/**
 * The hardfork that a Common was set to for every block; `schedule` when it is the one that it starts with, as a Common
 * cannot tell whether that was asked for. It starts with its chain's default, or prague; one made of a Geth genesis with
 * the last hardfork of its schedule, which is kept in a field of its own.
 */
export function chosenHardfork(common: Common): ChainRules['hardfork'] {
  const chain = chainOf(common) as ChainConfig & { hardfork?: string }
  const hardfork = common.hardfork()
  return hardfork === (chain.hardfork ?? common.DEFAULT_HARDFORK) ? 'schedule' : hardfork
}

function chainOf(common: Common): ChainConfig {
  return (common as unknown as { _chainParams: ChainConfig })._chainParams
}

/** Takes the rules out of a Common. Its customCrypto functions stay behind. */
export function rulesOf(common: Common, hardfork: ChainRules['hardfork'] = 'schedule'): ChainRules {
  const { _params: params } = common as unknown as { _params: ParamsDict }
  return {
    chain: withBlobCounts(JSON.parse(JSON.stringify(chainOf(common))) as ChainConfig),
    hardfork,
    eips: [...common.eips()],
    params: changedParams(params),
  }
}

/**
 * A Geth genesis gives the blobs of each hardfork as `blobSchedule`; @ethereumjs/common 10.1.3 keeps them as blob gas, but
 * for bpo1 and later ones reads them as numbers of blobs. These are added.
 */
function withBlobCounts(chain: ChainConfig): ChainConfig {
  for (const { params } of Object.values(chain.customHardforks ?? {})) {
    const { targetBlobGasPerBlock: target, maxBlobGasPerBlock: max } = params ?? {}
    if (params === undefined || target == null || max == null) continue
    params.target ??= Number(target) / GAS_PER_BLOB
    params.max ??= Number(max) / GAS_PER_BLOB
  }
  return chain
}

/** EIP-4844. */
const GAS_PER_BLOB = 131_072

/** A Common that was used holds the parameters of every package that used it; only what its owner set is to stay. */
function changedParams(params: ParamsDict): ParamsDict {
  const changed: ParamsDict = {}
  for (const [eip, values] of Object.entries(params)) {
    for (const [name, value] of Object.entries(values)) {
      if (PACKAGE_PARAMS.some((defaults) => String(defaults[eip]?.[name]) === String(value))) continue
      changed[eip] = { ...changed[eip], [name]: value }
    }
  }
  return changed
}

/** The rules of a chain as Commons, one for each hardfork, made when they are first wanted. */
export class ChainCommons {
  readonly rules: ChainRules
  readonly #make: (rules: ChainRules, hardfork: string) => Common
  readonly #schedule: Common
  readonly #commons = new Map<string, Common>()

  /** @param make `executingCommon` where @ethereumjs is to make blob transactions or execute */
  constructor(rules: ChainRules, make: (rules: ChainRules, hardfork: string) => Common = fixedCommon) {
    this.rules = rules
    this.#make = make
    this.#schedule = new Common({ chain: rules.chain })
  }

  /**
   * The rules of the block with this number and timestamp (seconds). Not to be changed.
   * @throws InvalidBlockError UNKNOWN_HARDFORK when the chain has none for such a block; EngineError
   */
  at(number: bigint, timestamp: bigint): Common {
    const hardfork = hardforkOf(this.rules, number, timestamp, this.#schedule)
    let common = this.#commons.get(hardfork)
    if (common === undefined) {
      common = this.#make(this.rules, hardfork)
      this.#commons.set(hardfork, common)
    }
    return common
  }
}

/** The hardfork whose rules hold for a block. @throws InvalidBlockError UNKNOWN_HARDFORK */
export function hardforkOf(
  rules: ChainRules,
  number: bigint,
  timestamp: bigint,
  schedule: Common = new Common({ chain: rules.chain }),
): string {
  const name = rules.hardfork === 'schedule' ? scheduled(rules, number, timestamp, schedule) : rules.hardfork
  // The netsplit block has no rules of its own; it would hide the fork whose rules apply.
  return name === 'mergeNetsplitBlock' ? 'paris' : name
}

function scheduled({ chain }: ChainRules, number: bigint, timestamp: bigint, schedule: Common): string {
  try {
    return schedule.getHardforkBy({ blockNumber: number, timestamp })
  } catch (error) {
    const block = `block ${number} at timestamp ${timestamp}`
    const problem = `chain ${chain.name} has no hardfork for ${block}: ${(error as Error).message}`
    throw new InvalidBlockError(
      'UNKNOWN_HARDFORK',
      `${problem}; name one as option \`hardfork\` to have it for all blocks`,
    )
  }
}

/**
 * A Common for one hardfork with the parameters of all @ethereumjs packages in place. It is never copied and never
 * rebuilt: every transaction and header would do both, which costs more than executing a transfer.
 *
 * @throws EngineError UNKNOWN_HARDFORK
 */
export function fixedCommon(rules: ChainRules, hardfork: string, customCrypto: CustomCrypto = {}): Common {
  let common: Common
  try {
    common = new Common({ chain: rules.chain, hardfork, params: rules.params, customCrypto })
    // One that is part of the hardfork would put its parameters over those of later EIPs.
    common.setEIPs(rules.eips.filter((eip) => !common.isActivatedEIP(eip)))
    // Those of the VM last: packages do not agree on historyServeWindow, and its is the right one.
    for (const params of PACKAGE_PARAMS) common.updateParams(params)
    common.updateParams(rules.params)
    if (common.isActivatedEIP(4844)) common.getBlobGasSchedule()
  } catch (cause) {
    const problem = `the chain has no rules for hardfork ${hardfork}: ${(cause as Error).message}`
    throw new EngineError('UNKNOWN_HARDFORK', problem, { cause })
  }
  return freezeRules(common)
}

/** The rules do not change any more, so what Common looks up in lists at every opcode can be kept. */
function freezeRules(common: Common): Common {
  const param = common.param.bind(common)
  const gteHardfork = common.gteHardfork.bind(common)
  const isActivatedEIP = common.isActivatedEIP.bind(common)
  return Object.assign(common, {
    copy: () => common,
    updateParams: () => {},
    param: remembered(param),
    gteHardfork: remembered(gteHardfork),
    isActivatedEIP: remembered(isActivatedEIP),
  })
}

function remembered<K, V>(compute: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>()
  return (key) => {
    let value = known.get(key)
    if (value === undefined) {
      value = compute(key)
      known.set(key, value)
    }
    return value
  }
}
