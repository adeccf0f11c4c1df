import { latticeSplit } from '../secp256k1/scalar'
import { A1, A2, B1, SPLIT_A, SPLIT_B } from './constants'

/**
 * k = k1 + k2 lambda modulo n, for every word k, as latticeSplit. The errors of c1 and c2 are at most 1/2 + 2^256 /
 * 2^321, so |k1| <= (a1 + a2) (1/2 + 2^-65) < 2^126, and |k2| likewise. `scratch` has SPLIT_SCRATCH bytes.
 */
export function split(k: usize, k1: usize, k2: usize, scratch: usize): void {
  latticeSplit(k, k1, k2, scratch, A1, A2, B1, SPLIT_A, SPLIT_B, 5)
}
