import { expose } from 'comlink'
import { withoutAdapters } from '../adapters/without-adapters.ts'
import type { Backend, BackendModel, BackendProgress } from '../backend.ts'
import { SampanError } from '../errors.ts'
import { authorizedNetwork } from '../network/authorized-network.ts'
import { hookedNetwork } from '../network/hooked-network.ts'
import { browserNetwork } from '../network/network.ts'
import { AnswerLine } from './answer-line.ts'
import { attempt, packError, unpackError } from './error-envelope.ts'
import { holdLife } from './hold-life.ts'
import { throttleProgress } from './progress-throttle.ts'
import type { LoadCommand, LoadEvent, WorkerApi } from './protocol.ts'
import { runGeneration } from './run-generation.ts'

/** Makes this Worker answer for one model of `backend`. */
export function serve(backend: Backend): void {
  let model: BackendModel | undefined
  const line = new AnswerLine()
  const loaded = (): BackendModel => {
    if (model) return model
    throw new SampanError('model-disposed', 'No model is loaded in this Worker: load one first.')
  }

  const api: WorkerApi = {
    start: (life) => attempt(() => holdLife(life)),
    load: (source, { token, ...options }, events, network) =>
      attempt(async () => {
        const post = (event: LoadEvent): void => events.postMessage(event)
        model = await backend.load(source, {
          ...options,
          network: authorizedNetwork(network ? hookedNetwork(network) : browserNetwork, options.hub, token),
          // The page aborts a load by ending this Worker.
          signal: new AbortController().signal,
          onProgress: throttleProgress((progress: BackendProgress) => post({ type: 'progress', progress })),
          askAgain: () =>
            new Promise((resolve, reject) => {
              events.onmessage = ({ data }: MessageEvent<LoadCommand>) => {
                if (data.type === 'allowed') resolve()
                else reject(unpackError(data.error))
              }
              post({ type: 'fetch-again' })
            }),
          onRecovery: (event) => {
            if (event.type === 'begun') post({ type: 'recovering', error: packError(event.error) })
            else post({ type: 'recovered', info: loaded().info })
          },
        })
        model.lost.then((error) => post({ type: 'lost', error: packError(error) }))
        line.onAnswered = () => post({ type: 'answered' })
        return model.info
      }),
    generate: (request, stop, port) =>
      attempt(async () => {
        await runGeneration(loaded(), request, stop, port, line)
        return undefined
      }),
    countTokens: (request) =>
      attempt(() => {
        const current = loaded()
        if (current.countTokens) return current.countTokens(request)
        throw new SampanError('request-unsupported', 'This backend does not count tokens: load the model on another.', {
          backend: current.info.backend,
        })
      }),
    setAdapters: (adapters, aborts) =>
      attempt(async () => {
        const stop = new AbortController()
        aborts.onmessage = () => stop.abort()
        const current = loaded()
        if (!current.setAdapters) throw withoutAdapters(current.info.backend)
        const { setAdapters } = current
        // An answer is one model's from its first word to its record.
        try {
          await line.between(stop.signal, () => setAdapters(adapters, stop.signal))
        } finally {
          aborts.close()
        }
        return current.info
      }),
    counters: () => attempt(() => loaded().counters()),
    ledger: () => attempt(() => loaded().ledger()),
    dispose: () =>
      attempt(async () => {
        const old = loaded()
        await old.dispose()
        return old.ledger()
      }),
  }
  expose(api)
}
