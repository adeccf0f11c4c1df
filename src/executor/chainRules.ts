import { type ChainConfig, Common, Holesky, Hoodi, Mainnet, Sepolia } from '@ethereumjs/common'
import { type ChainRules, chosenHardfork, rulesOf } from '../block/common.js'
import { OWN_RULE_SETS, withRuleSet } from '../block/ruleSets.js'
import { oneOf } from '../door/choices.js'
import { check } from '../door/shape.js'
import { InvalidOptionsError, invalidOptions } from './errors.js'
import type { CheckedCreateOptions } from './optionShapes.js'
import type { ChainName } from './options.js'

const CHAINS: Record<ChainName, ChainConfig> = { mainnet: Mainnet, sepolia: Sepolia, holesky: Holesky, hoodi: Hoodi }

/** The rules that an executor's options name. @throws InvalidOptionsError */
export function chainRulesOf({ common, chain, hardfork, workerSetup }: CheckedCreateOptions): ChainRules {
  if (common !== undefined && chain !== undefined) {
    throw new InvalidOptionsError('options.chain', 'give `common` or `chain`, not both')
  }
  const own = Object.keys(common?.customCrypto ?? {})
  if (own.length > 0 && workerSetup === undefined) {
    throw new InvalidOptionsError(
      'options.common',
      `has customCrypto (${own.join(', ')}), whose functions cannot be sent to a worker: put them into a module that ` +
        'exports `customCrypto`, and give its URL as workerSetup',
    )
  }
  const rules = common ?? new Common({ chain: CHAINS[chain ?? 'mainnet'] })
  if (hardfork === undefined || hardfork === 'schedule') {
    return rulesOf(rules, hardfork ?? chosenHardfork(rules))
  }
  const names = [...rules.hardforks().map(({ name }) => name), ...OWN_RULE_SETS]
  const name = check(oneOf('schedule', ...names), hardfork, 'options.hardfork', invalidOptions)
  const { chain: config, ...rest } = rulesOf(rules, name)
  return { ...rest, chain: withRuleSet(config, name) }
}
