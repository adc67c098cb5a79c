import type { VerifyEvent, VerifyRequest } from './events.ts'

declare global {
  /** Put there by the command that drives this page. */
  function sampanReport(event: VerifyEvent): void
  function sampanVerify(request: VerifyRequest): Promise<void>
}

globalThis.sampanVerify = (request) =>
  new Promise((resolve) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    worker.addEventListener('message', ({ data }: MessageEvent<VerifyEvent>) => {
      sampanReport(data)
      if (data.kind === 'end' || data.kind === 'failure') resolve()
    })
    worker.addEventListener('error', (event) => {
      sampanReport({ kind: 'failure', code: 'worker-failed', message: event.message || 'the Worker did not start' })
      resolve()
    })
    worker.postMessage(request)
  })
