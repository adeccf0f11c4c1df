// The blocks that come with the package, by the chain they are of.
import { bundledCases } from '../../src/blockFiles/index.js'

/** Name of the one of Amsterdam, which comes with its access list; of a chain of its own. */
export const LISTED = 'with-access-list'

/** Paths of those that follow mainnet's rules: all the others. */
export function mainnetCases(): string[] {
  return bundledCases().filter((path) => !path.includes(LISTED))
}
