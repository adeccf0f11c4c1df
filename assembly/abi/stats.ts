// Counters of one thread for the running block, u32 each.

export const STAT_EXECUTIONS: usize = 0
export const STAT_REEXECUTIONS: usize = 4
export const STAT_VALIDATIONS: usize = 8
export const STAT_COMMITS: usize = 12
export const STAT_BLOCKED: usize = 16
export const STAT_MISSING: usize = 20
export const STAT_WAITS: usize = 24
/** Failed validations by what differed: KIND_* of a location, then the predicates exists, empty, balance at least. */
export const STAT_CONFLICTS: usize = 32
export const STAT_CONFLICTS_BALANCE: usize = STAT_CONFLICTS
export const STAT_CONFLICTS_NONCE: usize = STAT_CONFLICTS + 4
export const STAT_CONFLICTS_CODE: usize = STAT_CONFLICTS + 8
export const STAT_CONFLICTS_LIFE: usize = STAT_CONFLICTS + 12
export const STAT_CONFLICTS_SLOT: usize = STAT_CONFLICTS + 16
export const STAT_CONFLICTS_EXISTS: usize = STAT_CONFLICTS + 20
export const STAT_CONFLICTS_EMPTY: usize = STAT_CONFLICTS + 24
export const STAT_CONFLICTS_BALANCE_AT_LEAST: usize = STAT_CONFLICTS + 28
export const STATS_SIZE: usize = 64
