import { createDetokenizer } from '@sampan/text'
import type {
  BackendModel,
  ChosenToken,
  Counters,
  GenerationEnd,
  GenerationOutput,
  GenerationRequest,
  KnownTokens,
  Ledger,
  ModelInfo,
  TokenEngine,
  TokenGenerateOptions,
} from '../backend.ts'
import { turnsDropped } from '../chat/without-oldest-turns.ts'
import { SampanError } from '../errors.ts'
import { AnswerPlanner } from './answer-planner.ts'
import { AnswerRecorder, planAgain, recordable } from './answer-recorder.ts'
import { AnswerWriter } from './answer-writer.ts'
import { fitContext } from './fit-context.ts'
import { toKnownTokens } from './known-tokens.ts'
import type { Conversation } from './open-conversation.ts'
import type { KnownText } from './prompt-memory.ts'
import { resolveSampling } from './sampling-defaults.ts'

/** What is told of a model beside what its engine tells. */
type About = Pick<ModelInfo, 'backend' | 'source' | 'architecture' | 'shape' | 'bytes' | 'fingerprint'> & {
  readonly hash?: string | undefined
  readonly adapters?: ModelInfo['adapters'] | undefined
}

/** A checkpoint on an engine, Sampan's own or another, with the text that goes with it. */
export class SampanModel implements BackendModel {
  readonly lost: Promise<Error>
  readonly #engine: TokenEngine
  readonly #conversation: Conversation
  readonly #planner: AnswerPlanner
  readonly #closing = new AbortController()
  readonly #answers = new Set<Promise<unknown>>()
  readonly #about: About
  readonly setAdapters?: NonNullable<BackendModel['setAdapters']>

  /** @param about asked for again each time: what changes may be behind getters */
  constructor(
    engine: TokenEngine,
    conversation: Conversation,
    about: About,
    setAdapters?: NonNullable<BackendModel['setAdapters']>,
  ) {
    if (setAdapters) this.setAdapters = setAdapters
    this.#engine = engine
    this.#conversation = conversation
    this.#planner = new AnswerPlanner(conversation)
    this.lost = engine.lost
    this.#about = about
  }

  get info(): ModelInfo {
    const { adapter, contextLength, tokenBytes } = this.#engine
    const { hash, adapters, ...about } = this.#about
    return {
      ...about,
      ...(hash !== undefined && { hash }),
      ...(adapters && { adapters }),
      ...(adapter && { adapter }),
      ...(tokenBytes && { tokenBytes }),
      ...{ contextLength, readsText: true },
    }
  }

  generate(request: GenerationRequest, output: GenerationOutput): Promise<GenerationEnd> {
    const answer = this.#generate(request, output)
    const settled = answer.catch(() => {}).finally(() => this.#answers.delete(settled))
    this.#answers.add(settled)
    return answer
  }

  async countTokens(request: GenerationRequest): Promise<number> {
    return this.#planner.countTokens(request)
  }

  counters(): Counters | undefined {
    return this.#engine.counters?.()
  }

  ledger(): Ledger | undefined {
    return this.#engine.ledger?.()
  }

  /** Answers in flight end first, also those that wait for their reader, so that nothing is submitted to a GPU that is being given back. */
  async dispose(): Promise<void> {
    this.#closing.abort(new SampanError('model-disposed', 'The model was disposed of: load it again to ask it more.'))
    await Promise.all(this.#answers)
    await this.#engine.dispose()
  }

  async #generate(given: GenerationRequest, output: GenerationOutput): Promise<GenerationEnd> {
    const begun = performance.now()
    const signal = AbortSignal.any([output.signal, this.#closing.signal])
    signal.throwIfAborted()
    const { tokenizer, sampling } = this.#conversation
    if (given.knownTokens && this.#holds(given.knownTokens)) this.#planner.remember(given.knownTokens)
    const request = recordable(this.#fit(given))
    checkBias(request.logitBias, tokenizer.vocabularySize)
    if (typeof request.prompt === 'object') checkIds(request.prompt, tokenizer.vocabularySize)
    const made = request.replay?.made ?? new Date().toISOString()
    const plan = this.#planner.plan(request, new Date(made))
    const { reader, tags } = plan
    const { prompt, constraint } = request.replay ? planAgain(plan, request.replay, tokenizer) : plan
    const room = this.#engine.contextLength - prompt.length
    if (room < 1) throw promptTooLong(prompt.length, this.#engine.contextLength)
    output.accepted()

    const stopTokens = request.ignoreEnd ? [] : tokenizer.endTokenIds
    const detokenizer = createDetokenizer(tokenizer)
    const writer = new AnswerWriter(reader, tokenizer, (part) => wantsMore(output.part(part), signal))
    const dropped = given.messages.length - request.messages.length
    if (dropped > 0) await wantsMore(output.part(turnsDropped(dropped)), signal)
    const top = request.topLogprobs
    let cachedTokens = 0
    let reason: 'stop' | 'length' = 'length'
    const options = {
      ...tokenOptions(request),
      ...resolveSampling(request, sampling),
      maxTokens: Math.min(request.maxTokens ?? room, room),
      stopTokens,
    }
    const { info } = this
    const recorder = request.record
      ? new AnswerRecorder({ info, conversation: this.#conversation, request, made, plan, prompt, options })
      : undefined
    const take = (chosen: ChosenToken): void => {
      recorder?.chose(chosen)
      if (top !== undefined) writer.chose(chosen)
    }
    const tokens = this.#engine.generate(prompt, {
      ...options,
      ...(constraint && { constraint }),
      ...((top !== undefined || recorder) && { logprobs: { top: top ?? 0, take } }),
      onCached: (count) => {
        cachedTokens = count
      },
      signal,
    })
    // The prompt of an answer that is made again, or that was given as tokens, is not what the text would be made into.
    const isOwn = !request.replay && typeof request.prompt !== 'object'
    const trace = isOwn ? this.#planner.trace(plan) : undefined
    let known: KnownText | undefined
    try {
      for await (const token of tokens) {
        const isEnd = stopTokens.includes(token)
        // Rows that pad the embedding matrix stand for no text.
        const isText = !isEnd && token < tokenizer.vocabularySize && (tags.has(token) || !tokenizer.isSpecial(token))
        const text = isText ? detokenizer.push(token) : undefined
        recorder?.push(token, text)
        trace?.push(token, text)
        if (request.tellIds) writer.tell({ id: token, ms: performance.now() - begun })
        const wanted = await writer.push(text)
        const isLastCall = request.parallelToolCalls === false && writer.calls > 0
        if (!isEnd && wanted && !isLastCall) continue
        reason = 'stop'
        break
      }
    } finally {
      // Also of an answer that was stopped: the conversation may go on from what there is of it.
      known = trace?.end()
    }
    signal.throwIfAborted()
    const rest = detokenizer.flush()
    await writer.finish(rest, reason === 'length')
    signal.throwIfAborted()
    const end: GenerationEnd = {
      reason: reason === 'stop' && writer.calls > 0 ? 'tool_calls' : reason,
      promptTokens: prompt.length,
      cachedTokens,
      completionTokens: writer.tokens,
      reasoningTokens: writer.reasoningTokens,
      ...(request.tellTokens && known && { tokens: toKnownTokens(known, tokenizer) }),
    }
    return recorder ? recorder.finish(rest, end) : end
  }

  /** What is longer than the context is no use, and may be made up to keep the tokenizer busy. */
  #holds({ prompt, answer }: KnownTokens): boolean {
    return prompt.length + answer.length <= this.#engine.contextLength
  }

  #fit(request: GenerationRequest): GenerationRequest {
    if (!request.truncate || request.prompt !== undefined) return request
    return fitContext(request, this.#engine.contextLength, (shorter) => this.#planner.countTokens(shorter)) ?? request
  }
}

/** An engine would tell only once the answer has begun. */
function checkBias(biases: GenerationRequest['logitBias'], vocabularySize: number): void {
  const unknown = biases?.find(([token]) => token >= vocabularySize)
  if (unknown)
    throw new SampanError(
      'request-invalid',
      `logit_bias.${unknown[0]} is no token of this model: it has ${vocabularySize}, numbered from 0.`,
      { field: `logit_bias.${unknown[0]}`, vocabularySize },
    )
}

/** @throws SampanError `request-invalid` */
function checkIds(prompt: readonly number[], vocabularySize: number): void {
  const at = prompt.findIndex((token) => token >= vocabularySize)
  if (at >= 0)
    throw new SampanError(
      'request-invalid',
      `prompt[${at}] is no token of this model: it has ${vocabularySize}, numbered from 0.`,
      { field: `prompt[${at}]`, vocabularySize },
    )
}

/** What engines take as it is. */
function tokenOptions(request: GenerationRequest): Partial<TokenGenerateOptions> {
  const { seed, frequencyPenalty, presencePenalty, logitBias, cachePrompt, priority } = request
  return {
    ...(seed !== undefined && { seed }),
    ...(frequencyPenalty !== undefined && { frequencyPenalty }),
    ...(presencePenalty !== undefined && { presencePenalty }),
    ...(logitBias && { logitBias }),
    ...(cachePrompt !== undefined && { cachePrompt }),
    ...(priority !== undefined && { priority }),
  }
}

/** False also when `signal` is aborted while the reader makes the answer wait. */
function wantsMore(reader: Promise<boolean>, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const abort = (): void => resolve(false)
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    reader.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

function promptTooLong(promptTokens: number, contextLength: number): SampanError {
  return new SampanError(
    'context-length-exceeded',
    `The prompt has ${promptTokens} tokens, the context holds ${contextLength} for prompt and answer: shorten the messages, or load with a larger contextLength.`,
    { promptTokens, contextLength },
  )
}
