import { Q_TXS } from '../abi/blockRequest'
import { SCAN_SIZE } from '../abi/scan'

/** Of a block's request: a transaction's SCAN record, which begins with the slice of its EIP-2718 bytes. */
// @ts-ignore: decorator
@inline
export function transactionSlice(request: usize, index: usize): usize {
  return <usize>load<u32>(request, Q_TXS) + index * SCAN_SIZE
}
