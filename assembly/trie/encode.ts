import { copyBytes } from '../mem/bulk'
import { headerSize, STRING, stringSize, writeHash, writeHeader, writeListHeader, writeString } from '../rlp/encode'
import {
  BRANCH,
  BRANCH_VALUE,
  childSlot,
  EXTENSION_CHILD,
  kindOf,
  LEAF,
  leafLength,
  leafValue,
  nibblesOf,
  NODE_REF,
  parityOf,
  pathKey,
  refLength,
} from './nodes'
import { hexPrefixSize, writeHexPrefix } from './paths'

// RLP of a node whose children have their references (Yellow Paper, appendix D).

// @ts-ignore: decorator
@inline
function refSize(node: usize): usize {
  return refLength(node) == 32 ? 33 : refLength(node)
}

function writeRef(out: usize, node: usize): usize {
  const length: usize = refLength(node)
  if (length == 32) return writeHash(out, node + NODE_REF)
  copyBytes(out, node + NODE_REF, length)
  return out + length
}

// @ts-ignore: decorator
@inline
function hexPrefixStringSize(nibbles: u32): usize {
  const bytes = hexPrefixSize(nibbles)
  // One byte of hex prefix is below 0x40.
  return bytes == 1 ? 1 : headerSize(bytes) + bytes
}

/** Length of the list's payload. */
export function payloadSize(node: usize): usize {
  const kind = kindOf(node)
  if (kind == BRANCH) {
    let size: usize = 1
    const value: usize = load<u32>(node, BRANCH_VALUE)
    if (value != 0) size = stringSize(value + 4, load<u32>(value))
    for (let nibble: u32 = 0; nibble < 16; nibble++) {
      const child: usize = load<u32>(childSlot(node, nibble))
      size += child == 0 ? 1 : refSize(child)
    }
    return size
  }
  const path = hexPrefixStringSize(nibblesOf(node))
  if (kind == LEAF) return path + stringSize(leafValue(node), leafLength(node))
  return path + refSize(load<u32>(node, EXTENSION_CHILD))
}

/** Writes the node with a payload of `payload` bytes. */
export function writeNode(out: usize, node: usize, payload: usize): void {
  out = writeListHeader(out, payload)
  const kind = kindOf(node)
  if (kind == BRANCH) {
    for (let nibble: u32 = 0; nibble < 16; nibble++) {
      const child: usize = load<u32>(childSlot(node, nibble))
      if (child == 0) store<u8>(out++, 0x80)
      else out = writeRef(out, child)
    }
    const value: usize = load<u32>(node, BRANCH_VALUE)
    if (value == 0) store<u8>(out, 0x80)
    else writeString(out, value + 4, load<u32>(value))
    return
  }
  const nibbles = nibblesOf(node)
  const bytes = hexPrefixSize(nibbles)
  if (bytes != 1) out = writeHeader(out, bytes, STRING)
  const depth = parityOf(node)
  out = writeHexPrefix(out, pathKey(node, depth), depth, nibbles, kind == LEAF)
  if (kind == LEAF) writeString(out, leafValue(node), leafLength(node))
  else writeRef(out, load<u32>(node, EXTENSION_CHILD))
}
