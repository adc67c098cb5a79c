import { serveHasher } from '../download/serve-hasher.ts'
import { holdLife } from './hold-life.ts'

/** Is told first what to hold for life, and says whether it does; then is handed the port on whose other end `workerHasher` stands. */
addEventListener('message', async ({ data }: MessageEvent<MessagePort | string | undefined>) => {
  if (data instanceof MessagePort) serveHasher(data)
  else postMessage(await holdLife(data))
})
