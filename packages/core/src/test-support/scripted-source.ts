import type {
  AnswerPart,
  BackendModel,
  GenerationEnd,
  GenerationOutput,
  GenerationRequest,
  ModelInfo,
} from '../backend.ts'
import type { AnswerSource } from '../chat/answer-run.ts'
import { SampanError } from '../errors.ts'
import { AnswerLine } from '../worker/answer-line.ts'
import { AnswerReceiver } from '../worker/answer-receiver.ts'
import { attempt, unwrap } from '../worker/error-envelope.ts'
import { runGeneration } from '../worker/run-generation.ts'

/** What a scripted model does with one request. */
export type Script = (
  request: GenerationRequest,
  output: GenerationOutput,
  call: number,
) => Promise<Partial<GenerationEnd>>

/** Says these parts, as far as they are wanted. */
export function saying(...parts: readonly (AnswerPart | string)[]): Script {
  return async (_request, output) => {
    output.accepted()
    for (const part of parts)
      if (!(await output.part(typeof part === 'string' ? { type: 'content', text: part } : part))) break
    const calls = parts.some((part) => typeof part !== 'string' && part.type === 'tool-call')
    return calls ? { reason: 'tool_calls' } : {}
  }
}

/** Says `x` until it is stopped. */
export const endless: Script = async (_request, { accepted, part, signal }) => {
  accepted()
  while (!signal.aborted && (await part({ type: 'content', text: 'x' })))
    await new Promise((resolve) => setTimeout(resolve))
  signal.throwIfAborted()
  return {}
}

/**
 * The page's side of a Worker, and all that runs in it but the model: stop strings, ports, coalescing and errors are the real ones. The
 * scripts answer in turn, the last one all that come after.
 */
export class ScriptedSource implements AnswerSource {
  readonly info: ModelInfo = {
    backend: 'sampan',
    source: 'test/model',
    contextLength: 100,
    bytes: 0,
    fingerprint: 'fp_test',
    readsText: true,
  }
  readonly requests: GenerationRequest[] = []
  /** Answers that are being made. */
  running = 0
  readonly #line = new AnswerLine()
  readonly #model: BackendModel

  constructor(...scripts: readonly Script[]) {
    this.#model = {
      info: this.info,
      lost: new Promise(() => {}),
      generate: async (request, output) => {
        const call = this.requests.push(request) - 1
        const script = scripts[Math.min(call, scripts.length - 1)]
        if (!script) throw new SampanError('internal', 'The test has no script.')
        this.running++
        try {
          return { reason: 'stop', promptTokens: 3, completionTokens: 2, ...(await script(request, output, call)) }
        } finally {
          this.running--
        }
      },
      counters: () => undefined,
      ledger: () => undefined,
      dispose: () => Promise.resolve(),
    }
  }

  async generate(request: GenerationRequest, stop: readonly string[], signal?: AbortSignal): Promise<AnswerReceiver> {
    signal?.throwIfAborted()
    const { port1, port2 } = new MessageChannel()
    const receiver = new AnswerReceiver(port1)
    const abort = (): void => receiver.fail(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    const accepted = attempt(() => runGeneration(this.#model, structuredClone(request), stop, port2, this.#line))
    try {
      await Promise.race([accepted.then((result) => unwrap(structuredClone(result))), receiver.failed])
      return receiver
    } catch (error) {
      receiver.cancel()
      throw error
    }
  }
}
