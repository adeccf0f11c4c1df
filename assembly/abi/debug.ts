// Forced delays at named points of the scheduler and the version lists, and the events it logs meanwhile, for tests
// that look for races.

// --- enum YieldPoint (POINT_): bits of the mask given to setDebug ----------------------------------------------------

export const POINT_WALK: u32 = 0
export const POINT_LINK: u32 = 1
export const POINT_CLAIM: u32 = 2
export const POINT_CLAIMED: u32 = 3
export const POINT_END: u32 = 4
export const POINT_ENDED: u32 = 5
export const POINT_COMMIT_LOCKED: u32 = 6
export const POINT_COMMIT_CHECKED: u32 = 7
export const POINT_ABORTING: u32 = 8
export const POINT_ESTIMATED: u32 = 9
export const POINT_READY: u32 = 10
export const POINT_SUSPENDED: u32 = 11
export const POINT_PARKED: u32 = 12
export const POINT_WAIT: u32 = 13
export const POINT_VALIDATE: u32 = 14
export const POINT_UNLOCKED: u32 = 15
export const POINT_TURN: u32 = 16
export const POINT_TAKE: u32 = 17
export const POINT_MARK: u32 = 18
export const POINT_COLLECTED: u32 = 19
export const POINT_CROWDED: u32 = 20

// --- enum SchedulerEvent (EVENT_) ------------------------------------------------------------------------------------

export const EVENT_CLAIM: u32 = 1
export const EVENT_EXECUTED: u32 = 2
export const EVENT_SUSPEND: u32 = 3
export const EVENT_RESUME: u32 = 4
export const EVENT_ABORT: u32 = 5
export const EVENT_COMMIT: u32 = 6
export const EVENT_FRONT_RETRY: u32 = 7
export const EVENT_WAIT: u32 = 8
export const EVENT_FAIL: u32 = 9
export const EVENT_GIVEN_UP: u32 = 10
export const EVENT_IN_ORDER: u32 = 11
export const EVENT_TRY: u32 = 12
