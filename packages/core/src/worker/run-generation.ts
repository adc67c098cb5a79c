import type { BackendModel, GenerationOutput, GenerationRequest } from '../backend.ts'
import { SampanError } from '../errors.ts'
import type { AnswerLine } from './answer-line.ts'
import { AnswerSender } from './answer-sender.ts'
import { packError } from './error-envelope.ts'
import type { StreamCommand, StreamEvent } from './protocol.ts'
import { StopParts } from './stop-parts.ts'

/** How long after a call on a lost GPU fails the loss may be told. */
const LOSS_NOTICE_MS = 1000

/**
 * Answers one request over `port`, when its turn comes. Resolves when the backend has accepted it, rejects when it refuses; what fails
 * later goes over the port.
 */
export function runGeneration(
  model: BackendModel,
  request: GenerationRequest,
  stop: readonly string[],
  port: MessagePort,
  line: AnswerLine,
): Promise<void> {
  const controller = new AbortController()
  const sender = new AnswerSender((event: StreamEvent) => port.postMessage(event))
  const filter = new StopParts(stop)
  /** Of tools, that were given out. */
  const calls = new Set<number>()
  line.enter(sender)
  port.onmessage = ({ data }: MessageEvent<StreamCommand>) => {
    if (data.type === 'credit') return sender.credit()
    controller.abort()
    sender.release()
  }

  return new Promise((resolve, reject) => {
    let accepted = false
    const run = async (): Promise<void> => {
      const output: GenerationOutput = {
        signal: controller.signal,
        accepted: () => {
          accepted = true
          resolve()
        },
        part: async (part) => {
          line.answered()
          for (const given of filter.push(part)) {
            if (given.type === 'tool-call') calls.add(given.index)
            if (given.type === 'warning' && given.index !== undefined) calls.delete(given.index)
            await sender.push(given)
          }
          return !filter.stopped
        },
      }
      const end = await line.turns.run(request, controller.signal, () => model.generate(request, output))
      for (const given of filter.finish()) await sender.push(given)
      sender.end(filter.stopped ? { ...end, reason: calls.size > 0 ? 'tool_calls' : 'stop' } : end)
    }
    run()
      .catch(async (thrown: unknown) => {
        const error = controller.signal.aborted ? thrown : await causeOf(thrown, model)
        if (accepted) sender.fail(packError(error))
        else reject(error)
      })
      .finally(() => {
        resolve()
        line.leave(sender)
        sender.release()
        port.close()
      })
  })
}

/** Calls on a GPU that is lost fail with whatever the browser says, mostly before the loss itself is told. */
async function causeOf(error: unknown, model: BackendModel): Promise<unknown> {
  if (SampanError.isInstance(error)) return error
  let timer: ReturnType<typeof setTimeout> | undefined
  const noLoss = new Promise<unknown>((resolve) => {
    timer = setTimeout(() => resolve(error), LOSS_NOTICE_MS)
  })
  const cause = await Promise.race([model.lost, noLoss])
  clearTimeout(timer)
  return cause
}
