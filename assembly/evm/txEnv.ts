// What opcodes see of the running transaction.

/** TxAccount of the sender. */
export let origin: usize = 0
/** Address of a word: the effective gas price. */
export let gasPrice: usize = 0
/** Blob hashes in wire order. */
export let blobHashes: usize = 0
export let blobCount: u32 = 0

export function setTxEnv(sender: usize, price: usize, hashes: usize, count: u32): void {
  origin = sender
  gasPrice = price
  blobHashes = hashes
  blobCount = count
}
