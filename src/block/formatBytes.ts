// The formats of a hardfork's blocks as bytes for the core, which reads along them: assembly/abi/scan.ts.
import {
  FMT_ABSENT,
  FMT_TYPE_COUNT,
  FMT_TYPES,
  ITEM_BYTES,
  ITEM_FIXED,
  ITEM_FIXED_OR_EMPTY,
  ITEM_INTEGER,
  ITEM_LIST,
  ITEM_RECORD,
  ITEM_SMALL,
} from '../abi/core.generated.js'
import {
  type BlockFormat,
  type Format,
  indexOf,
  type RecordFormat,
  WITHDRAWAL,
  WITHDRAWAL_ADDRESS,
  WITHDRAWAL_AMOUNT,
} from './format.js'

const made = new WeakMap<BlockFormat, Uint8Array>()

export function formatBytes(format: BlockFormat): Uint8Array {
  let bytes = made.get(format)
  if (bytes === undefined) {
    bytes = encode(format)
    made.set(format, bytes)
  }
  return bytes
}

function encode({ header, transactions, withdrawals, replayProtection, lowS, maxBlobs }: BlockFormat): Uint8Array {
  const head = FMT_TYPES + 2 * FMT_TYPE_COUNT
  const offsets = new Array<number>(FMT_TYPE_COUNT).fill(0)
  const formats: number[] = recordBytes(header)
  const withdrawal = withdrawals ? head + formats.length : 0
  if (withdrawals) formats.push(...recordBytes(WITHDRAWAL))
  for (const [type, record] of transactions.entries()) {
    if (record === undefined) continue
    offsets[type] = head + formats.length
    const at = (name: string): number => {
      const index = indexOf(record, name)
      return index < 0 ? FMT_ABSENT : index
    }
    formats.push(at('gasLimit'), at('v'), at('blobVersionedHashes'), ...recordBytes(record))
  }
  const flags = [Number(replayProtection), Number(lowS), ...u16(Number(maxBlobs))]
  const root = indexOf(header, 'withdrawalsRoot')
  const positions = [WITHDRAWAL_ADDRESS, WITHDRAWAL_AMOUNT, root < 0 ? FMT_ABSENT : root, 0]
  const parts = [...u16(head), ...u16(withdrawal), ...positions]
  return Uint8Array.from([...flags, ...parts, ...offsets.flatMap(u16), ...formats])
}

function itemBytes(format: Format): number[] {
  switch (format.kind) {
    case 'bytes':
      if (format.length === undefined) return [ITEM_BYTES]
      return [format.orEmpty ? ITEM_FIXED_OR_EMPTY : ITEM_FIXED, ...u16(format.length)]
    case 'integer':
      return format.most === undefined ? [ITEM_INTEGER, format.length] : [ITEM_SMALL, format.most]
    case 'list': {
      const each = itemBytes(format.of)
      return [ITEM_LIST, each.length, ...each]
    }
    case 'record':
      return recordBytes(format)
  }
}

function recordBytes({ fields }: RecordFormat): number[] {
  return [ITEM_RECORD, fields.length, ...fields.flatMap(({ format }) => itemBytes(format))]
}

function u16(value: number): number[] {
  return [value & 255, value >> 8]
}
