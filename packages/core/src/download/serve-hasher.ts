import { FileHash } from './file-hash.ts'
import type { HashMessage, HashReply, MessageEnd } from './hash-protocol.ts'

/** Hashes for whoever holds the other end of `end` with `workerHasher`. */
export function serveHasher(end: MessageEnd): void {
  const runs = new Map<number, FileHash>()
  const reply = (message: HashReply, transfer: Transferable[] = []): void => end.postMessage(message, transfer)

  end.addEventListener('message', ({ data }: MessageEvent<HashMessage>) => {
    try {
      answer(data)
    } catch (error) {
      runs.delete(data.run)
      reply({ type: 'failed', run: data.run, message: error instanceof Error ? error.message : String(error) })
    }
  })
  end.start?.()

  function answer(message: HashMessage): void {
    const run = runs.get(message.run)
    switch (message.type) {
      case 'begin':
        runs.set(message.run, new FileHash(message.task))
        return
      case 'update':
        try {
          run?.update(new Uint8Array(message.buffer, 0, message.length))
        } finally {
          reply({ type: 'taken', buffer: message.buffer }, [message.buffer])
        }
        return
      case 'mark':
        run?.mark()
        return
      case 'export':
        if (run) reply({ type: 'exported', request: message.request, position: run.export(message.position) })
        return
      case 'digests':
        if (run) reply({ type: 'digests', request: message.request, digests: run.digests() })
        return
      case 'close':
        runs.delete(message.run)
        return
      default:
        message satisfies never
    }
  }
}
