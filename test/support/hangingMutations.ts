// Stands for the thread of the mutation fuzz: the second change never ends.
import { workerData } from 'node:worker_threads'
import { Heartbeat } from '../../src/fuzz/mutations/heartbeat.js'

const heartbeat = new Heartbeat((workerData as { buffer: SharedArrayBuffer }).buffer)
heartbeat.next({ subject: 3, mutant: 0 }, Uint8Array.of(1))
heartbeat.next({ subject: 3, mutant: 1 }, Uint8Array.of(2, 3))
for (;;);
