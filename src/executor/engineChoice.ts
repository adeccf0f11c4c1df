import type { Common } from '@ethereumjs/common'
import type { ChainRules } from '../block/common.js'
import { wasmSupports } from '../block/wasmSupports.js'
import type { EngineName } from '../types.js'
import { EngineUnavailableError } from './errors.js'

/** The engine for a block, and why it is not the one that was asked for. */
export interface EngineChoice {
  engine: EngineName
  fallback?: string
}

/** Chooses the engine for each block of an executor; a hardfork's answer is worked out once. */
export class EngineChooser {
  readonly #asked: EngineName
  readonly #rules: ChainRules
  readonly #hasCrypto: boolean
  readonly #mayFallBack: boolean
  readonly #choices = new Map<string, EngineChoice>()

  constructor(asked: EngineName, rules: ChainRules, hasCrypto: boolean, mayFallBack: boolean) {
    this.#asked = asked
    this.#rules = rules
    this.#hasCrypto = hasCrypto
    this.#mayFallBack = mayFallBack
  }

  /**
   * @param common of the block
   * @throws EngineUnavailableError when another engine would have to run and must not
   */
  choose(common: Common): EngineChoice {
    if (this.#asked === 'ethereumjs') return only(common)
    const hardfork = common.hardfork()
    let choice = this.#choices.get(hardfork)
    if (choice === undefined) {
      const reason = this.#hasCrypto ? 'the workerSetup module exports customCrypto' : wasmSupports(this.#rules, common)
      if (reason !== undefined && !this.#mayFallBack) throw new EngineUnavailableError(this.#asked, reason)
      choice = reason === undefined ? { engine: 'wasm' } : { ...only(common, reason), fallback: reason }
      this.#choices.set(hardfork, choice)
    }
    return choice
  }
}

/** EIPs of a fork that the engine `ethereumjs` lacks: access lists, and two kinds of gas. */
export function lackingOf(common: Common): number[] {
  return [7928, 8037].filter((eip) => common.isActivatedEIP(eip))
}

/** @throws EngineUnavailableError */
function only(common: Common, fallback?: string): EngineChoice {
  const lacking = lackingOf(common)
  if (lacking.length === 0) return { engine: 'ethereumjs' }
  const why = fallback === undefined ? '' : `, and engine wasm cannot run it: ${fallback}`
  throw new EngineUnavailableError('ethereumjs', `EIP-${lacking.join(' and EIP-')}${why}`)
}
