// Bytes of events as the texts that go-ethereum makes of them.
import { getWord } from '../abi/word256.js'

/** `0x` and two digits a byte. */
export function hexAt(bytes: Buffer, at: number, length: number): string {
  return `0x${bytes.toString('hex', at, at + length)}`
}

/** An address of 20 bytes. */
export function addressAt(bytes: Buffer, at: number): string {
  return hexAt(bytes, at, 20)
}

/** A word as a number without leading zeros. */
export function quantityAt(view: DataView, at: number): string {
  return `0x${getWord(view, at).toString(16)}`
}

export function quantity(value: bigint | number): string {
  return `0x${value.toString(16)}`
}

/** A word as 32 bytes in hexadecimal. */
export function wordAt(view: DataView, at: number): string {
  return `0x${getWord(view, at).toString(16).padStart(64, '0')}`
}

/** The address in the low 20 bytes of a word. */
export function addressOfWord(view: DataView, at: number): string {
  return `0x${BigInt.asUintN(160, getWord(view, at)).toString(16).padStart(40, '0')}`
}

/** A string in JSON as Go writes it. */
export function goString(text: string): string {
  return JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
