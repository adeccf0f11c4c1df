// An ordered trie that is made in groups of sixteen indexes (block/orderedGroups.ts): written by the threads of a
// block, allocated, with zeros, by the executor.

/** u32, atomic: groups below it are taken. */
export const G_CURSOR: usize = 0
/** u32 address, u32 length of value 0, which is in no group's branch. */
export const G_FIRST: usize = 8
export const G_FIRST_LENGTH: usize = 12
/** One for each group. */
export const G_ENTRIES: usize = 64

/** u32 address, u32 length of the value of a group with one member; address 0: it has more, and a hash. */
export const GROUP_VALUE: usize = 0
export const GROUP_LENGTH: usize = 4
/** u64, atomic: gas used by all transactions up to the group's last, once that is known (receipts.ts). */
export const GROUP_GAS: usize = 8
/** 32 bytes: hash of the group's branch. */
export const GROUP_HASH: usize = 16
/** Bytes of an entry, as a shift. */
export const GROUP_SHIFT: usize = 6
export const GROUP_ENTRY: usize = 64

/** Indexes of a group differ in so many bits. */
export const GROUP_BITS: u32 = 4
