import { accounts } from './accounts.js'
import { coinbase } from './coinbase.js'
import { creation } from './creation.js'
import { delegation } from './delegation.js'
import { destruction } from './destruction.js'
import type { Family } from './family.js'
import { gasLimits } from './gasLimits.js'
import { work } from './work.js'

export const FAMILIES: Family[] = [coinbase, destruction, accounts, creation, delegation, gasLimits, work].flat()
