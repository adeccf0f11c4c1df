import { Q_TXS } from '../abi/blockRequest'
import { SLICE_SIZE } from '../abi/slices'

/** Of a block's request: the slice with a transaction's EIP-2718 bytes. */
// @ts-ignore: decorator
@inline
export function transactionSlice(request: usize, index: usize): usize {
  return <usize>load<u32>(request, Q_TXS) + index * SLICE_SIZE
}
