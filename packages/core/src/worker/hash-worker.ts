import { serveHasher } from '../download/serve-hasher.ts'

/** Hands over the port on whose other end `workerHasher` stands, as its only message. */
addEventListener('message', ({ data }: MessageEvent) => {
  if (data instanceof MessagePort) serveHasher(data)
})
