// Rows of opcodes that compiled code is full of, each with a byte that no opcode has. The bytes stand only in the
// copies of code that fuse.ts makes. What a row needs to know follows its byte, where its opcodes were.
// Decision 45 (docs/adr/0045-rows-of-opcodes-as-one.md).

/** The first, and the one behind the last. */
export const ROWS: u32 = 0xb0
export const ROWS_END: u32 = 0xe0

// Those that end with JUMP. Targets: u16, known to be destinations.
/** PUSH2 JUMP: target. */
export const R_JUMP: u32 = 0xb0
/** DUPn PUSH2 JUMP: n, target. */
export const R_DUP_JUMP: u32 = 0xb1
/** SWAPn JUMP: n. */
export const R_SWAP_JUMP: u32 = 0xb2
/** POP n times, 1 at least, and JUMP: n. */
export const R_POPS_JUMP: u32 = 0xb3
/** SWAPm SWAPn before that: m - 1 and, times 16, n - 1; how often POP. */
export const R_SWAP_SWAP_POPS_JUMP: u32 = 0xb4
/** The one behind the last of them. */
export const JUMPS_END: u32 = 0xb5

/** PUSH2 JUMPI: target. */
export const R_JUMPI: u32 = 0xb5
/** DUPn PUSH2 JUMPI: n, target. */
export const R_DUP_JUMPI: u32 = 0xb6
/** ISZERO PUSH2 JUMPI: a free byte, target. */
export const R_ISZERO_JUMPI: u32 = 0xb7
/** DUPn ISZERO PUSH2 JUMPI: n, a free byte, target. */
export const R_DUP_ISZERO_JUMPI: u32 = 0xb8
/** EQ, LT or GT with PUSH2 JUMPI: a free byte, target. */
export const R_EQ_JUMPI: u32 = 0xb9
export const R_LT_JUMPI: u32 = 0xba
export const R_GT_JUMPI: u32 = 0xbb
/** LT or GT with ISZERO PUSH2 JUMPI: two free bytes, target. */
export const R_LT_ISZERO_JUMPI: u32 = 0xbc
export const R_GT_ISZERO_JUMPI: u32 = 0xbd
/** DUP1 PUSH4 EQ PUSH2 JUMPI, the choice of a function: a free byte, u32 constant, two free bytes, target. */
export const R_SELECT: u32 = 0xbe
/** POP n times: n. */
export const R_POPS: u32 = 0xbf
/** SWAPn POP: n. */
export const R_SWAP_POP: u32 = 0xc0
/** Two of DUP and SWAP, m and n: m - 1 and, times 16, n - 1. */
export const R_DUP_DUP: u32 = 0xc1
export const R_SWAP_SWAP: u32 = 0xc2
export const R_SWAP_DUP: u32 = 0xc3
export const R_DUP_SWAP: u32 = 0xc4
/** The same with something behind it; of the third SWAP n - 1. */
export const R_DUP_DUP_ADD: u32 = 0xc5
export const R_DUP_DUP_SUB: u32 = 0xc6
export const R_SWAP_DUP_MSTORE: u32 = 0xc7
export const R_SWAP_SWAP_SWAP: u32 = 0xc8
/** DUPn with AND, ADD, MLOAD, MSTORE: n. */
export const R_DUP_AND: u32 = 0xc9
export const R_DUP_ADD: u32 = 0xca
export const R_DUP_MLOAD: u32 = 0xcb
export const R_DUP_MSTORE: u32 = 0xcc
/** DUPn MSTORE PUSH1 ADD: n, a free byte, the constant. */
export const R_DUP_MSTORE_PUSH_ADD: u32 = 0xcd
/** DUPn PUSH1 ADD, and MLOAD: n, the constant. */
export const R_DUP_PUSH_ADD: u32 = 0xce
export const R_DUP_PUSH_ADD_MLOAD: u32 = 0xcf
/** PUSH1 PUSH1: the constants. */
export const R_PUSH_PUSH: u32 = 0xd0
/** PUSH1 DUPn, with MLOAD, with ADD, with ADD MSTORE; the last two with n above 1: the constant, n. */
export const R_PUSH_DUP: u32 = 0xd1
export const R_PUSH_DUP_MLOAD: u32 = 0xd2
export const R_PUSH_DUP_ADD: u32 = 0xd3
export const R_PUSH_DUP_ADD_MSTORE: u32 = 0xd4
/** PUSH1 or PUSH2 with DUPm DUPn: the constant, m - 1 and, times 16, n - 1. */
export const R_PUSH_DUP_DUP: u32 = 0xd5
export const R_PUSH2_DUP_DUP: u32 = 0xd6
/** PUSH1 with ADD, SHL, SHR, MLOAD, MSTORE: the constant. */
export const R_PUSH_ADD: u32 = 0xd7
export const R_PUSH_SHL: u32 = 0xd8
export const R_PUSH_SHR: u32 = 0xd9
export const R_PUSH_MLOAD: u32 = 0xda
export const R_PUSH_MSTORE: u32 = 0xdb
/** PUSH20 AND: the constant as it was. */
export const R_PUSH20_AND: u32 = 0xdc
/** PUSH1 1 PUSH1 1 PUSH1 8n SHL SUB, how compilers write 2^8n - 1: n. */
export const R_ONES: u32 = 0xdd
/** The same with AND; with DUPm AND, m above 1: n, and m. */
export const R_ONES_AND: u32 = 0xde
export const R_ONES_DUP_AND: u32 = 0xdf
