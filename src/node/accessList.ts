// A block's access list (EIP-7928) as eth_getBlockAccessList returns it, to its RLP.
import { RLP } from '@ethereumjs/rlp'
import type { FieldReader, JsonObject } from '../blockFiles/index.js'

/** @throws FixtureError */
export function accessListToRlp(list: unknown, read: FieldReader): Uint8Array {
  const integer = (value: unknown, field: string): bigint => read.quantity(value, field)
  const items = <T>(json: JsonObject, name: string, at: string, item: (value: JsonObject, at: string) => T): T[] =>
    // Some leave out what is empty.
    read.array(json[name] ?? [], `${at}.${name}`).map((value, i) => {
      const field = `${at}.${name}[${i}]`
      return item(read.object(value, field), field)
    })
  const change = (json: JsonObject, at: string): bigint[] => [
    integer(json.index, `${at}.index`),
    integer(json.value, `${at}.value`),
  ]
  const accounts = read.array(list, '').map((value, i) => {
    const at = `[${i}]`
    const json = read.object(value, at)
    return [
      read.bytes(json.address, `${at}.address`, 20),
      items(json, 'storageChanges', at, (slot, field) => [
        integer(slot.key, `${field}.key`),
        items(slot, 'changes', field, change),
      ]),
      read
        .array(json.storageReads ?? [], `${at}.storageReads`)
        .map((key, k) => integer(key, `${at}.storageReads[${k}]`)),
      items(json, 'balanceChanges', at, change),
      items(json, 'nonceChanges', at, change),
      items(json, 'codeChanges', at, (entry, field) => [
        integer(entry.index, `${field}.index`),
        read.bytes(entry.code, `${field}.code`),
      ]),
    ]
  })
  return RLP.encode(accounts as never)
}
