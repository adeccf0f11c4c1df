import { paramsBlock } from '@ethereumjs/block'
import { type ChainConfig, Common, type CustomCrypto, type ParamsDict } from '@ethereumjs/common'
import { paramsEVM } from '@ethereumjs/evm'
import { paramsTx } from '@ethereumjs/tx'
import { hexToBytes, type KZG, type PrefixedHexString } from '@ethereumjs/util'
import { paramsVM } from '@ethereumjs/vm'
import { verifyPointEvaluation } from '../crypto/pointEvaluation.js'
import { EngineError } from './errors.js'

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

/** In the order in which they override: packages do not agree on historyServeWindow, and that of the VM is the right one. */
const PACKAGES: readonly ParamsDict[] = [paramsEVM, paramsTx, paramsBlock, paramsVM]

/** Takes the rules out of a Common. Its customCrypto functions stay behind. */
export function rulesOf(common: Common, hardfork: ChainRules['hardfork'] = 'schedule'): ChainRules {
  const inner = common as unknown as { _chainParams: ChainConfig; _params: ParamsDict }
  return {
    chain: JSON.parse(JSON.stringify(inner._chainParams)) as ChainConfig,
    hardfork,
    eips: [...common.eips()],
    params: changedParams(inner._params),
  }
}

/** A Common that was used holds the parameters of every package that used it; only what its owner set is to stay. */
function changedParams(params: ParamsDict): ParamsDict {
  const changed: ParamsDict = {}
  for (const [eip, values] of Object.entries(params)) {
    for (const [name, value] of Object.entries(values)) {
      if (PACKAGES.some((defaults) => String(defaults[eip]?.[name]) === String(value))) continue
      changed[eip] = { ...changed[eip], [name]: value }
    }
  }
  return changed
}

/** The rules of a chain as Commons, one for each hardfork, made when they are first wanted. */
export class ChainCommons {
  readonly rules: ChainRules
  readonly #customCrypto: CustomCrypto
  readonly #schedule: Common
  readonly #commons = new Map<string, Common>()

  constructor(rules: ChainRules, customCrypto: CustomCrypto = {}) {
    this.rules = rules
    this.#customCrypto = customCrypto
    this.#schedule = new Common({ chain: rules.chain })
  }

  /** The rules of the block with this number and timestamp (seconds). Not to be changed. @throws EngineError */
  at(number: bigint, timestamp: bigint): Common {
    const hardfork = hardforkOf(this.rules, number, timestamp, this.#schedule)
    let common = this.#commons.get(hardfork)
    if (common === undefined) {
      common = fixedCommon(this.rules, hardfork, this.#customCrypto)
      this.#commons.set(hardfork, common)
    }
    return common
  }
}

/** The hardfork whose rules hold for a block. */
export function hardforkOf(
  rules: ChainRules,
  number: bigint,
  timestamp: bigint,
  schedule: Common = new Common({ chain: rules.chain }),
): string {
  if (rules.hardfork !== 'schedule') return rules.hardfork
  const name = schedule.getHardforkBy({ blockNumber: number, timestamp })
  // The netsplit block has no rules of its own; it would hide the fork whose rules apply.
  return name === 'mergeNetsplitBlock' ? 'paris' : name
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
    const crypto = { kzg: pointEvaluationOnly(verifyPointEvaluation), ...customCrypto }
    common = new Common({ chain: rules.chain, hardfork, eips: rules.eips, params: rules.params, customCrypto: crypto })
  } catch (cause) {
    throw new EngineError('UNKNOWN_HARDFORK', `the chain has no rules for hardfork ${hardfork}`, { cause })
  }
  for (const params of PACKAGES) common.updateParams(params)
  common.updateParams(rules.params)
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

/** All that a block needs of a KZG library: the precompile. Blobs themselves are not in blocks. */
export function pointEvaluationOnly(verify: typeof verifyPointEvaluation): KZG {
  const verifyProof = (...inputs: [PrefixedHexString, PrefixedHexString, PrefixedHexString, PrefixedHexString]) => {
    const [commitment, z, y, proof] = inputs.map(hexToBytes) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
    try {
      return verify(commitment, z, y, proof)
    } catch {
      return false // an input that is no point or no scalar proves nothing: the call fails either way
    }
  }
  return { verifyProof } as unknown as KZG
}
