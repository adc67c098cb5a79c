import type {
  ChatCompletionRequestStreaming,
  LoadOptions,
  MlcModel,
  Model,
  ModelInfo,
  ReplyPlace,
  ServerSource,
} from '@sampan/core'
import type { Page } from 'playwright'

/** How a reply is read. */
export interface Reading {
  /** In one piece, not streamed. */
  readonly whole?: boolean
  /** Pieces of content after which the signal aborts, or the reader leaves the loop. 0: before the request. */
  readonly abortAfter?: number
  readonly leaveAfter?: number
}

export interface ReplyError {
  readonly name: string
  readonly typed: boolean
  readonly code?: string
  readonly details?: Readonly<Record<string, unknown>>
}

export interface ReplyChoice {
  readonly content: string
  readonly reasoning: string
  readonly calls: readonly { readonly id: string; readonly name: string; readonly json: string }[]
  readonly finish: string | undefined
  readonly tokens: readonly {
    readonly token: string
    readonly bytes: number[]
    readonly logprob: number
    readonly top: number[]
  }[]
}

/** What a reader saw of a reply, up to its end or its error. */
export interface Reply {
  readonly choices: readonly ReplyChoice[]
  /** Pieces of content of the first choice; one where it was read whole. */
  readonly pieces: readonly string[]
  readonly roles: number
  readonly usage:
    | { readonly prompt_tokens: number; readonly completion_tokens: number; readonly total_tokens: number }
    | undefined
  /** Of the last chunk. */
  readonly place: ReplyPlace | undefined
  readonly error: ReplyError | undefined
}

/** What crosses to a page. */
export type PlainSource = string | { readonly server: ServerSource } | { readonly mlc: MlcModel }
export type PlainOptions = Pick<LoadOptions, 'backend' | 'bits' | 'consent' | 'contextLength' | 'fallback'>

interface Globals {
  readonly core: typeof import('@sampan/core')
  readonly models: Record<string, Model>
  readonly places: Record<string, ReplyPlace[]>
}

/** Loads a model on the page, under a name. */
export async function loadOnPage(
  page: Page,
  name: string,
  source: PlainSource,
  options: PlainOptions,
): Promise<ModelInfo | ReplyError> {
  return page.evaluate(
    async ({ name, source, options }) => {
      const page: Partial<Globals> & Pick<Globals, 'core'> = Object(globalThis)
      const { core } = page
      const places: ReplyPlace[] = []
      try {
        const model = await core.load(source, {
          download: 'allow',
          ...options,
          onReply: (place) => void places.push(place),
        })
        Object.assign(globalThis, {
          models: { ...page.models, [name]: model },
          places: { ...page.places, [name]: places },
        })
        return model.info
      } catch (error) {
        const { name, code, details } = Object(error)
        return { name, code, details, typed: core.SampanError.isInstance(error) }
      }
    },
    { name, source, options },
  )
}

/** Asks the model of that name. The request is frozen, down to its leaves: who writes into it fails. */
export function ask(page: Page, name: string, request: object, reading: Reading = {}): Promise<Reply> {
  return page.evaluate(
    async ({ name, request, reading }) => {
      const { core, models }: Globals = Object(globalThis)
      const freeze = (value: unknown): void => {
        if (typeof value !== 'object' || value === null) return
        Object.values(value).forEach(freeze)
        Object.freeze(value)
      }
      freeze(request)
      const { whole = false, abortAfter = -1, leaveAfter = -1 } = reading
      const controller = new AbortController()
      const abort = (): void => controller.abort(new RangeError('enough'))
      if (abortAfter === 0) abort()
      const choices: {
        content: string
        reasoning: string
        calls: { id: string; name: string; json: string }[]
        finish: string | undefined
        tokens: { token: string; bytes: number[]; logprob: number; top: number[] }[]
      }[] = []
      const pieces: string[] = []
      let roles = 0
      let usage: Reply['usage']
      let place: ReplyPlace | undefined
      let error: ReplyError | undefined
      const choiceAt = (index: number): (typeof choices)[number] => {
        choices[index] ??= { content: '', reasoning: '', calls: [], finish: undefined, tokens: [] }
        return choices[index]
      }
      const addTokens = (
        index: number,
        logprobs: {
          content: { token: string; bytes: number[]; logprob: number; top_logprobs: { logprob: number }[] }[]
        } | null,
      ): void => {
        for (const { token, bytes, logprob, top_logprobs } of logprobs?.content ?? [])
          choiceAt(index).tokens.push({ token, bytes, logprob, top: top_logprobs.map((one) => one.logprob) })
      }
      try {
        const model = models[name]
        if (!model) throw new Error(`${name} is not loaded`)
        if (whole) {
          const answer = await model.chat.completions.create(
            { ...Object(request), stream: false },
            { signal: controller.signal },
          )
          for (const { index, message, finish_reason, logprobs } of answer.choices) {
            const choice = choiceAt(index)
            choice.content = message.content ?? ''
            choice.reasoning = message.reasoning_content ?? ''
            choice.finish = finish_reason
            for (const call of message.tool_calls ?? [])
              choice.calls.push({ id: call.id, name: call.function.name, json: call.function.arguments })
            addTokens(index, logprobs)
            if (index === 0) pieces.push(choice.content)
          }
          usage = answer.usage
          place = answer.computed_by
        } else {
          const given: ChatCompletionRequestStreaming = {
            stream_options: { include_usage: true },
            ...Object(request),
            stream: true,
          }
          for await (const chunk of await model.chat.completions.create(given, { signal: controller.signal })) {
            usage = chunk.usage ?? usage
            place = chunk.computed_by
            for (const { index, delta, finish_reason, logprobs } of chunk.choices) {
              const choice = choiceAt(index)
              if (delta.role) roles++
              choice.content += delta.content ?? ''
              choice.reasoning += delta.reasoning_content ?? ''
              choice.finish = finish_reason ?? choice.finish
              for (const { index: at, id, function: called } of delta.tool_calls ?? []) {
                choice.calls[at] ??= { id: id ?? '', name: called.name ?? '', json: '' }
                choice.calls[at].json += called.arguments
              }
              addTokens(index, logprobs)
              if (delta.content && index === 0) pieces.push(delta.content)
            }
            if (pieces.length === leaveAfter) break
            if (pieces.length === abortAfter) abort()
          }
        }
      } catch (thrown) {
        const { name, code, details } = Object(thrown)
        error = { name, code, details, typed: core.SampanError.isInstance(thrown) }
      }
      return { choices, pieces, roles, usage, place, error }
    },
    { name, request, reading },
  )
}

/** What `model.countTokens` says, or why it does not. */
export function countTokens(page: Page, name: string, request: object): Promise<number | ReplyError> {
  return page.evaluate(
    async ({ name, request }) => {
      const { core, models }: Globals = Object(globalThis)
      try {
        return (await models[name]?.countTokens(Object(request))) ?? Number.NaN
      } catch (thrown) {
        const { name, code, details } = Object(thrown)
        return { name, code, details, typed: core.SampanError.isInstance(thrown) }
      }
    },
    { name, request },
  )
}

/** A request over `model.fetch`: the status, and the body's text. */
export function fetchFrom(
  page: Page,
  name: string,
  path: string,
  body: object,
): Promise<{ status: number; text: string }> {
  return page.evaluate(
    async ({ name, path, body }) => {
      const { models }: Globals = Object(globalThis)
      const response = await models[name]?.fetch(path, { method: 'POST', body: JSON.stringify(body) })
      return { status: response?.status ?? 0, text: (await response?.text()) ?? '' }
    },
    { name, path, body },
  )
}

/** Where the replies so far were computed, by `onReply`; asking empties the list. */
export function placesOf(page: Page, name: string): Promise<ReplyPlace[]> {
  return page.evaluate((name) => {
    const { places }: Globals = Object(globalThis)
    return places[name]?.splice(0) ?? []
  }, name)
}

/** Disposes of the model, before it was ever loaded too. With `during` in the middle of an answer, which then tells its error. */
export function dispose(page: Page, name: string, during?: object): Promise<string | undefined> {
  return page.evaluate(
    async ({ name, during }) => {
      const { models }: Partial<Globals> = Object(globalThis)
      const model = models?.[name]
      if (!model || !during) return void (await model?.dispose())
      const request: ChatCompletionRequestStreaming = { ...Object(during), stream: true }
      const stream = await model.chat.completions.create(request)
      const reading = (async () => {
        for await (const chunk of stream) if (chunk.choices[0]?.delta.content) await model.dispose()
      })()
      return reading.then(
        () => 'ended',
        (error: unknown) => Object(error).code,
      )
    },
    { name, during },
  )
}
