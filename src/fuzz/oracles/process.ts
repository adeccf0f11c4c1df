// Programs of others, run once.
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'

export interface Finished {
  code: number | null
  stdout: string
  stderr: string
}

/** @throws Error with the code ENOENT when there is no such program */
export async function runProgram(file: string, args: readonly string[], input = ''): Promise<Finished> {
  // Detached: Ctrl-C ends the search after the block, not the program within it.
  const child = spawn(file, args, { stdio: 'pipe', detached: true })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  // A program that ends without reading breaks the pipe; its exit code says why.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  return { code, stdout, stderr }
}

/** The line that says why. */
export function tail(stderr: string): string {
  return stderr.trim().split('\n').at(-1)!.slice(-500)
}
