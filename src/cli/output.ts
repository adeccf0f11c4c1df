// What the command says, on standard output and standard error, and what happens when nobody can read it.
import { constants } from 'node:os'
import { EXIT } from './exit.js'

export function print(line: string): void {
  write(process.stdout, `${line}\n`)
}

export function printError(line: string): void {
  write(process.stderr, `${line}\n`)
}

/** `console` would lose errors in silence. Those of files are thrown here, those of pipes are events. */
export function write(stream: NodeJS.WriteStream, text: string): void {
  try {
    stream.write(text)
  } catch (error) {
    giveUp(stream, error as NodeJS.ErrnoException)
  }
}

export function watchOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', (error) => giveUp(stream, error))
}

/** The exit code must not be that of a wrong result, nor say that all is well when nobody was told. */
function giveUp(stream: NodeJS.WriteStream, error: NodeJS.ErrnoException): never {
  // `parallevm ... | head` is no mistake: the reader has seen enough. The code is that of any command it happens to.
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 128 + constants.signals.SIGPIPE)
  if (stream === process.stdout) {
    try {
      process.stderr.write(`parallevm: standard output cannot be written: ${error.message} [OUTPUT_FAILED]\n`)
    } catch {
      // Nothing is left to say it on; the exit code does.
    }
  }
  process.exit(EXIT.unwritable)
}
