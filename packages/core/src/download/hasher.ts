import { SampanError } from '../errors.ts'
import { type FileDigests, FileHash, type HashPosition, type HashTask } from './file-hash.ts'
import type { HashMessage, HashReply, MessageEnd } from './hash-protocol.ts'

/** Buffers that go to the Worker and come back: a bound on what is under way. */
const BUFFER_BYTES = 512 << 10
const MOST_BUFFERS = 4

/** A Worker whose script has not come by then will not come: a page offline, or a policy that forbids it. */
const FIRST_ANSWER_MS = 60_000

/** Hashes files as their bytes come, several at a time. */
export interface Hasher {
  /** Where `task` cannot be done, the run's promises reject. */
  begin(task: HashTask): HashRun
}

/** One file. Calls take effect in the order in which they are made. */
export interface HashRun {
  /** The next bytes. To be awaited before the next call, and before the bytes are written over. */
  update(bytes: Uint8Array): Promise<void>
  /** `export` can be asked for the place that has been reached, until `MARKS_KEPT` more were made. */
  mark(): void
  export(position: number): Promise<HashPosition>
  /** At the end: nothing may be fed afterwards. */
  digests(): Promise<FileDigests>
  /** Frees what it holds. */
  close(): void
}

/** On this thread. */
export function localHasher(): Hasher {
  return {
    begin(task) {
      let hash: FileHash | undefined
      const made = (): FileHash => {
        hash ??= new FileHash(task)
        return hash
      }
      return {
        async update(bytes) {
          made().update(bytes)
        },
        mark: () => made().mark(),
        export: async (position) => made().export(position),
        digests: async () => made().digests(),
        close() {},
      }
    },
  }
}

interface Asked {
  readonly run: number
  readonly resolve: (reply: HashReply) => void
  readonly reject: (error: unknown) => void
}

export interface WorkerHasher extends Hasher {
  /** The Worker is gone: all that waits for it, now or later, fails with `error`. */
  fail(error: unknown): void
}

/**
 * Hashes in the Worker at the other end, where `serveHasher` listens. One that never answers fails with SampanError `worker-failed`.
 * @param firstAnswerMs for tests
 */
export function workerHasher(end: MessageEnd, firstAnswerMs = FIRST_ANSWER_MS): WorkerHasher {
  const asked = new Map<number, Asked>()
  const failures = new Map<number, unknown>()
  const free: ArrayBuffer[] = []
  const waiting: (() => void)[] = []
  let made = 0
  let numbers = 0
  let dead: { readonly error: unknown } | undefined
  let waits: ReturnType<typeof setTimeout> | undefined
  let answers = false

  const post = (message: HashMessage, transfer: Transferable[] = []): void => end.postMessage(message, transfer)
  const failRun = (run: number, error: unknown): void => {
    failures.set(run, error)
    for (const [request, one] of asked) {
      if (one.run !== run) continue
      asked.delete(request)
      one.reject(error)
    }
  }

  const fail = (error: unknown): void => {
    dead ??= { error }
    clearTimeout(waits)
    for (const { reject } of asked.values()) reject(error)
    asked.clear()
    for (const resolve of waiting.splice(0)) resolve()
  }

  end.addEventListener('message', ({ data }: MessageEvent<HashReply>) => {
    answers = true
    clearTimeout(waits)
    switch (data.type) {
      case 'taken':
        free.push(data.buffer)
        waiting.shift()?.()
        return
      case 'exported':
      case 'digests':
        asked.get(data.request)?.resolve(data)
        asked.delete(data.request)
        return
      case 'failed':
        failRun(data.run, new Error(`Hashing failed: ${data.message}`))
        return
      default:
        data satisfies never
    }
  })
  end.start?.()

  const check = (run: number): void => {
    if (dead) throw dead.error
    if (failures.has(run)) throw failures.get(run)
  }
  const ask = (run: number, message: (request: number) => HashMessage): Promise<HashReply> =>
    new Promise((resolve, reject) => {
      check(run)
      if (!answers) waits ??= setTimeout(() => fail(noAnswer()), firstAnswerMs)
      const request = numbers++
      asked.set(request, { run, resolve, reject })
      post(message(request))
    })
  const buffer = async (run: number): Promise<ArrayBuffer> => {
    for (;;) {
      check(run)
      const found = free.pop()
      if (found) return found
      if (made < MOST_BUFFERS) {
        made++
        return new ArrayBuffer(BUFFER_BYTES)
      }
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
      })
    }
  }

  return {
    begin(task): HashRun {
      const run = numbers++
      post({ type: 'begin', run, task })
      return {
        async update(bytes) {
          for (let at = 0; at < bytes.length; at += BUFFER_BYTES) {
            const part = bytes.subarray(at, at + BUFFER_BYTES)
            const to = await buffer(run)
            new Uint8Array(to).set(part)
            post({ type: 'update', run, buffer: to, length: part.length }, [to])
          }
        },
        mark: () => post({ type: 'mark', run }),
        async export(position): Promise<HashPosition> {
          const reply = await ask(run, (request) => ({ type: 'export', run, position, request }))
          if (reply.type !== 'exported') throw new Error('The hash Worker gave another answer than was asked for.')
          return reply.position
        },
        async digests(): Promise<FileDigests> {
          const reply = await ask(run, (request) => ({ type: 'digests', run, request }))
          if (reply.type !== 'digests') throw new Error('The hash Worker gave another answer than was asked for.')
          return reply.digests
        },
        close() {
          post({ type: 'close', run })
          failRun(run, new Error('Hashing was ended.'))
        },
      }
    },
    fail,
  }
}

function noAnswer(): SampanError {
  return new SampanError(
    'worker-failed',
    'The Worker that hashes downloads did not start: check that the files of @sampan/core are served beside each other, and that the Content-Security-Policy allows Workers.',
    { reason: 'timeout' },
  )
}
