import type { SampanError } from '../errors.ts'
import { spawnWorker } from '../worker/spawn-worker.ts'
import { WorkerWatch } from '../worker/worker-watch.ts'

/** The two Workers that hash what a download brings: files as their hub does, and the pieces of the model's hash. */
export class HashWorkers {
  readonly #workers: readonly [Worker, Worker]
  readonly #watches: readonly WorkerWatch[]
  #failure: SampanError | undefined
  #tell: ((error: SampanError) => void) | undefined

  constructor() {
    this.#workers = [spawnWorker('hash'), spawnWorker('hash')]
    // At once: a script that cannot be had is told before anybody is ready to connect.
    this.#watches = this.#workers.map((worker) => {
      const watch = new WorkerWatch(worker, (error) => this.#fail(error))
      const life = globalThis.navigator?.locks ? `sampan-worker-${crypto.randomUUID()}` : undefined
      worker.onmessage = ({ data: held }: MessageEvent<boolean>) => watch.answered(held ? life : undefined)
      worker.postMessage(life)
      return watch
    })
  }

  /** The ports at which they serve. `tell` hears of the first that fails, or has failed. */
  connect(tell: (error: SampanError) => void): readonly [wholes: MessagePort, pieces: MessagePort] {
    this.#tell = tell
    if (this.#failure) tell(this.#failure)
    const [wholes, pieces] = this.#workers
    return [connected(wholes), connected(pieces)]
  }

  end(): void {
    for (const watch of this.#watches) watch.stop()
    for (const worker of this.#workers) worker.terminate()
  }

  #fail(error: SampanError): void {
    this.#failure ??= error
    this.#tell?.(this.#failure)
  }
}

function connected(worker: Worker): MessagePort {
  const { port1, port2 } = new MessageChannel()
  worker.postMessage(port1, [port1])
  return port2
}
