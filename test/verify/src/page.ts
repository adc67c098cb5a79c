import type { VerifyEvent, VerifyRequest } from './events.ts'

declare global {
  /** Put there by the command that drives this page. */
  function sampanReport(event: VerifyEvent): Promise<void>
  function sampanVerify(request: VerifyRequest): Promise<void>
}

globalThis.sampanVerify = (request) =>
  new Promise((resolve) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    worker.addEventListener('message', ({ data }: MessageEvent<VerifyEvent>) => {
      const told = sampanReport(data)
      if (data.kind === 'end' || data.kind === 'failure') resolve(told)
    })
    worker.addEventListener('error', (event) => {
      const message = event.message || 'the Worker did not start'
      resolve(sampanReport({ kind: 'failure', code: 'worker-failed', message }))
    })
    worker.postMessage(request)
  })
