/** What a thread is started with: a file, or its text. */
export interface WorkerScript {
  source: URL | string
  /** Whether `source` is the text itself. */
  eval: boolean
}

/** As it is published, this module lies beside the worker's. */
const HERE = '/workers/workerScript.js'

/**
 * The code of a worker. In a bundle this module has become part of another file and no file of the worker's is there: then
 * its text is part of the bundle, with everything that it imports.
 */
export async function workerScript(): Promise<WorkerScript> {
  // Undefined in a bundle that is CommonJS.
  const here: string | undefined = import.meta.url
  if (here?.endsWith(HERE)) return { source: new URL('./entry.js', here), eval: false }
  const { workerText } = await import('./entryText.generated.js')
  return { source: workerText, eval: true }
}
