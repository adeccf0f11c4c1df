// The rules of a block. One number orders them all; forks without rules for execution (Muir Glacier, Arrow Glacier,
// Gray Glacier, the forks that only change blobs) use the number of the fork before.

// --- enum Rules ------------------------------------------------------------------------------------------------------

export const FRONTIER: u32 = 0
export const HOMESTEAD: u32 = 1
export const TANGERINE_WHISTLE: u32 = 2
export const SPURIOUS_DRAGON: u32 = 3
export const BYZANTIUM: u32 = 4
export const CONSTANTINOPLE: u32 = 5
export const PETERSBURG: u32 = 6
export const ISTANBUL: u32 = 7
export const BERLIN: u32 = 8
export const LONDON: u32 = 9
export const PARIS: u32 = 10
export const SHANGHAI: u32 = 11
export const CANCUN: u32 = 12
export const PRAGUE: u32 = 13
export const OSAKA: u32 = 14
