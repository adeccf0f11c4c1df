// Every fork: one row each, in order of activation. The build makes of it what the core and the host read.
//
//   name in the official tests, name in @ethereumjs/common, rules of execution, what it is:
//   'rules'   changes what transactions do, or begins the chain
//   'bomb'    only delays the difficulty bomb
//   'once'    changes the state once, in its first block
//   'blobs'   only changes the number and the price of blobs (EIP-7892)
//
// Rules get their numbers in this order (assembly/abi/forks.ts, generated); a fork that changes nothing that transactions do has
// the rules of the one before.

/** @typedef {[test: string, hardfork: string, rules: string, kind: 'rules' | 'bomb' | 'once' | 'blobs']} Row */

/** @type {Row[]} */
export const FORKS = [
  ['Frontier', 'chainstart', 'FRONTIER', 'rules'],
  ['Homestead', 'homestead', 'HOMESTEAD', 'rules'],
  ['Dao', 'dao', 'HOMESTEAD', 'once'],
  ['EIP150', 'tangerineWhistle', 'TANGERINE_WHISTLE', 'rules'],
  ['EIP158', 'spuriousDragon', 'SPURIOUS_DRAGON', 'rules'],
  ['Byzantium', 'byzantium', 'BYZANTIUM', 'rules'],
  ['Constantinople', 'constantinople', 'CONSTANTINOPLE', 'rules'],
  ['ConstantinopleFix', 'petersburg', 'PETERSBURG', 'rules'],
  ['Istanbul', 'istanbul', 'ISTANBUL', 'rules'],
  ['MuirGlacier', 'muirGlacier', 'ISTANBUL', 'bomb'],
  ['Berlin', 'berlin', 'BERLIN', 'rules'],
  ['London', 'london', 'LONDON', 'rules'],
  ['ArrowGlacier', 'arrowGlacier', 'LONDON', 'bomb'],
  ['GrayGlacier', 'grayGlacier', 'LONDON', 'bomb'],
  ['Merge', 'paris', 'PARIS', 'rules'],
  ['Paris', 'paris', 'PARIS', 'rules'],
  ['Shanghai', 'shanghai', 'SHANGHAI', 'rules'],
  ['Cancun', 'cancun', 'CANCUN', 'rules'],
  ['Prague', 'prague', 'PRAGUE', 'rules'],
  ['Osaka', 'osaka', 'OSAKA', 'rules'],
  ['BPO1', 'bpo1', 'OSAKA', 'blobs'],
  ['BPO2', 'bpo2', 'OSAKA', 'blobs'],
  ['BPO3', 'bpo3', 'OSAKA', 'blobs'],
  ['BPO4', 'bpo4', 'OSAKA', 'blobs'],
  ['BPO5', 'bpo5', 'OSAKA', 'blobs'],
  ['Amsterdam', 'amsterdam', 'AMSTERDAM', 'rules'],
]
