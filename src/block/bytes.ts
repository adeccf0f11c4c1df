export const EMPTY_BYTES = new Uint8Array(0)

/** Map key of the 20-byte address at `i`. Two bytes a character: half as long to hash as hex, and no table lookups. */
export function addressKey(b: Uint8Array, i = 0): string {
  return String.fromCharCode(
    (b[i]! << 8) | b[i + 1]!,
    (b[i + 2]! << 8) | b[i + 3]!,
    (b[i + 4]! << 8) | b[i + 5]!,
    (b[i + 6]! << 8) | b[i + 7]!,
    (b[i + 8]! << 8) | b[i + 9]!,
    (b[i + 10]! << 8) | b[i + 11]!,
    (b[i + 12]! << 8) | b[i + 13]!,
    (b[i + 14]! << 8) | b[i + 15]!,
    (b[i + 16]! << 8) | b[i + 17]!,
    (b[i + 18]! << 8) | b[i + 19]!,
  )
}

/** Map key of a 32-byte storage key. */
export function slotKey(b: Uint8Array): string {
  return String.fromCharCode(
    (b[0]! << 8) | b[1]!,
    (b[2]! << 8) | b[3]!,
    (b[4]! << 8) | b[5]!,
    (b[6]! << 8) | b[7]!,
    (b[8]! << 8) | b[9]!,
    (b[10]! << 8) | b[11]!,
    (b[12]! << 8) | b[13]!,
    (b[14]! << 8) | b[15]!,
    (b[16]! << 8) | b[17]!,
    (b[18]! << 8) | b[19]!,
    (b[20]! << 8) | b[21]!,
    (b[22]! << 8) | b[23]!,
    (b[24]! << 8) | b[25]!,
    (b[26]! << 8) | b[27]!,
    (b[28]! << 8) | b[29]!,
    (b[30]! << 8) | b[31]!,
  )
}

/** Without leading zero bytes, as @ethereumjs keeps storage values. */
export function trimmed(value: Uint8Array): Uint8Array {
  let start = 0
  while (start < value.length && value[start] === 0) start++
  return start === 0 ? value : value.subarray(start)
}
