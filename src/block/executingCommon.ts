import type { Common, CustomCrypto } from '@ethereumjs/common'
import { hexToBytes, type KZG, type PrefixedHexString } from '@ethereumjs/util'
import { verifyPointEvaluation } from '../crypto/pointEvaluation.js'
import { type ChainRules, fixedCommon } from './common.js'

/**
 * A Common under which @ethereumjs executes: with the point evaluation of EIP-4844, unless `customCrypto` has its own.
 *
 * @throws EngineError UNKNOWN_HARDFORK
 */
export function executingCommon(rules: ChainRules, hardfork: string, customCrypto: CustomCrypto = {}): Common {
  return fixedCommon(rules, hardfork, { kzg: pointEvaluationOnly(verifyPointEvaluation), ...customCrypto })
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
