// Compiled by tests only. One thread adds pages, another copies from each of them without leaving its module in
// between.
import { copyBytes, fillBytes } from './bulk'

/** u32, atomic: the last page that was added, and the last that was copied; END: there are no more. */
const ADDED: usize = 1024
const COPIED: usize = 1088
const COPY: usize = 2048
const LENGTH: usize = 100
const END: u32 = 0xffff_ffff

/** Adds `rounds` pages, each once the one before has been copied. */
export function addPages(rounds: u32): void {
  for (let i: u32 = 0; i < rounds; i++) {
    const page = <usize>memory.grow(1) << 16
    for (let at: usize = 0; at < LENGTH; at++) store<u8>(page + at, i + <u32>at)
    atomic.store<u32>(ADDED, <u32>page)
    while (atomic.load<u32>(COPIED) != <u32>page) {}
  }
  atomic.store<u32>(ADDED, END)
}

/** Copies from every page that is added, and fills it; how many copies were right. */
export function copyPages(): u32 {
  let right: u32 = 0
  let last: u32 = 0
  while (last != END) {
    const page: usize = atomic.load<u32>(ADDED)
    if (page == last) continue
    last = <u32>page
    if (last == END) break
    copyBytes(COPY, page, LENGTH)
    let same = true
    for (let at: usize = 0; at < LENGTH; at++) if (load<u8>(COPY + at) != load<u8>(page + at)) same = false
    fillBytes(page, 255, LENGTH)
    if (same && load<u8>(page + LENGTH - 1) == 255) right++
    atomic.store<u32>(COPIED, last)
  }
  return right
}
