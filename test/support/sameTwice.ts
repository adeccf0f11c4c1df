// A set-up module with two contracts at one address.
import type { CustomPrecompile } from '../../src/index.js'

const contract: CustomPrecompile = { address: `0x${'77'.repeat(20)}`, gas: () => 0n, run: (input) => input }

export const customPrecompiles = [contract, { ...contract, address: new Uint8Array(20).fill(0x77) }]
