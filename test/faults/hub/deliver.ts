import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { Delivery } from './apply-fault.ts'

const pieceBytes = 32 * 1024

/** Writes a body as slowly as it is read, and ends it as the delivery says. */
export async function deliver(
  response: ServerResponse,
  delivery: Delivery,
  count: (bytes: number) => void,
): Promise<void> {
  const { status, headers, body, pause, end } = delivery
  if (end === 'refused') return void response.destroy()
  response.writeHead(status, { ...headers })
  // Headers go out before the body is cut, so that the client sees an answer that ends early.
  response.flushHeaders()
  const step = pause?.bytes ?? pieceBytes
  for (let at = 0; at < body.size && !response.destroyed; at += step) {
    const piece = body.read(at, Math.min(at + step, body.size))
    await written(response, piece)
    if (response.destroyed) return
    count(piece.length)
    if (pause) await wait(pause.milliseconds)
  }
  if (response.destroyed) return
  if (end === 'cut') response.destroy()
  else if (end === 'end') response.end()
  else {
    await Promise.race([once(response, 'close'), wait(end.stallMilliseconds, undefined, { ref: false })])
    response.destroy()
  }
}

/** Once the bytes are the system's, or the client has left. */
function written(response: ServerResponse, piece: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      response.off('close', finish)
      resolve()
    }
    response.on('close', finish)
    response.write(piece, finish)
  })
}
