import type { BackendModel, GenerationEnd, GenerationOutput, GenerationRequest, ModelInfo } from '@sampan/core'
import { BackendError } from '../backend-error.ts'
import { wantsMore } from '../wants-more.ts'
import { AnswerReader } from './answer-reader.ts'
import { explainResponse, unreachable } from './explain-response.ts'
import { readChunks } from './read-chunks.ts'
import { cutOff, tooSlow } from './read-within.ts'
import type { ServerAddress } from './server-address.ts'
import type { ServerKind } from './server-kind.ts'
import { toBody } from './to-body.ts'

export interface RemoteModelInfo extends ModelInfo {
  readonly backend: 'openai-compatible'
  /** What the server calls it. */
  readonly model: string
  readonly server: ServerKind
}

/** A model on a server. Unlike those on this machine it answers as many requests at a time as it is given. */
export class RemoteModel implements BackendModel {
  readonly info: RemoteModelInfo
  /** Never: a server that is away now may be back for the next request. */
  readonly lost: Promise<Error> = new Promise(() => {})
  readonly #server: ServerAddress
  readonly #patience: number
  readonly #closing = new AbortController()
  readonly #answers = new Set<Promise<unknown>>()

  /** @param patience milliseconds that the server may be silent */
  constructor(server: ServerAddress, info: RemoteModelInfo, patience: number) {
    this.#server = server
    this.info = info
    this.#patience = patience
  }

  /**
   * @throws BackendError `request-unsupported`, `request-invalid`, `context-length-exceeded`, `source-forbidden`, `model-unknown`,
   * `source-not-found`, `source-unavailable` (`details.retryAfter` in seconds where told), `network-failed`, `backend-failed`,
   * `model-disposed`; the signal's reason
   */
  generate(request: GenerationRequest, output: GenerationOutput): Promise<GenerationEnd> {
    const answer = this.#generate(request, output)
    const settled = answer.catch(() => {}).finally(() => this.#answers.delete(settled))
    this.#answers.add(settled)
    return answer
  }

  counters(): undefined {
    return undefined
  }

  ledger(): undefined {
    return undefined
  }

  async dispose(): Promise<void> {
    this.#closing.abort(new BackendError('model-disposed', 'The model was disposed of: load it again to ask it more.'))
    await Promise.all(this.#answers)
  }

  async #generate(request: GenerationRequest, output: GenerationOutput): Promise<GenerationEnd> {
    const signal = AbortSignal.any([output.signal, this.#closing.signal])
    signal.throwIfAborted()
    const body = JSON.stringify(toBody(request, this.info.model, this.info.server))
    // Closes the connection whichever way this ends.
    const leaving = new AbortController()
    try {
      const stream = await this.#open(body, AbortSignal.any([signal, leaving.signal]))
      output.accepted()
      return await this.#read(stream, new AnswerReader(request.topLogprobs), output, signal)
    } catch (error) {
      signal.throwIfAborted()
      throw error
    } finally {
      leaving.abort()
    }
  }

  async #open(body: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const response = await fetchWithin(
      this.#server,
      '/chat/completions',
      { method: 'POST', body, signal },
      this.#patience,
    )
    if (!response.ok) throw await explainResponse(response, this.#server)
    const type = response.headers.get('Content-Type') ?? 'nothing'
    if (!response.body || !/^text\/event-stream\b/i.test(type))
      throw new BackendError(
        'backend-failed',
        `The server answers with ${this.#server.redact(type).slice(0, 80)} instead of a stream of events: ${this.#server.baseUrl} is no OpenAI-compatible server.`,
        { server: this.#server.baseUrl },
      )
    return response.body
  }

  async #read(
    stream: ReadableStream<Uint8Array>,
    reader: AnswerReader,
    output: GenerationOutput,
    signal: AbortSignal,
  ): Promise<GenerationEnd> {
    for await (const chunk of readChunks(stream, this.#patience, this.#server))
      for (const part of reader.read(chunk))
        if (!(await wantsMore(output.part(part), signal))) {
          signal.throwIfAborted()
          return reader.end('stop')
        }
    signal.throwIfAborted()
    if (reader.reason === undefined) throw cutOff(this.#server)
    return reader.end(reader.reason)
  }
}

/** @throws BackendError `network-failed`; the signal's reason */
export async function fetchWithin(
  server: ServerAddress,
  path: string,
  init: RequestInit & { readonly signal: AbortSignal },
  patience: number,
): Promise<Response> {
  const slow = new AbortController()
  const timer = setTimeout(() => slow.abort(tooSlow(server, patience)), patience)
  try {
    return await server.fetch(path, { ...init, signal: AbortSignal.any([init.signal, slow.signal]) })
  } catch (error) {
    init.signal.throwIfAborted()
    slow.signal.throwIfAborted()
    throw unreachable(server, error)
  } finally {
    clearTimeout(timer)
  }
}
