import type { LanguageModelV4 } from '@ai-sdk/provider'
import { sampan } from '../ai-sdk/sampan.ts'
import type { ModelInfo } from '../backend.ts'
import type { ChatCompletion, ChatCompletionRequestNonStreaming } from '../chat/chat-types.ts'
import { Completions } from '../chat/completions.ts'
import { createFetch } from '../fetch/create-fetch.ts'
import type { FetchFunction } from '../fetch/fetch-function.ts'
import type { AnswerRecord, ReplayVerdict } from '../record/record-types.ts'
import { type ReplayOptions, replayRecord } from '../record/replay-record.ts'
import type { Conversation } from '../sampan/open-conversation.ts'
import { SampanModel } from '../sampan/sampan-model.ts'
import { conversation } from './ask-tokens.ts'
import { ScriptedSource } from './scripted-source.ts'
import { SeededEngine } from './seeded-engine.ts'

export const hi = [{ role: 'user', content: 'Hi' } as const]

export type Asked = Omit<Partial<ChatCompletionRequestNonStreaming>, 'stream'>

export interface SeededModel {
  readonly engine: SeededEngine
  /** Hello, by chance and with a record, unless the request says otherwise. */
  ask(request?: Asked): Promise<ChatCompletion>
  recordOf(request?: Asked): Promise<AnswerRecord>
  readonly completions: Completions
  readonly fetch: FetchFunction
  /** For the AI SDK. */
  readonly languageModel: LanguageModelV4
  replay(record: unknown, options?: ReplayOptions): Promise<ReplayVerdict>
}

/** Pocket's text on an engine of noise, with all that lies between it and a page but the Worker. */
export function seededModel(about: Partial<ModelInfo> = {}, having: Conversation = conversation): SeededModel {
  const engine = new SeededEngine()
  const facts = {
    backend: 'sampan',
    source: 'pocket',
    bytes: 0,
    hash: 'hash-1',
    fingerprint: 'fp-1',
    ...about,
  } as const
  const model = new SampanModel(engine, having, facts)
  const source = new ScriptedSource((request, output) => model.generate(request, output))
  const completions = new Completions(source, model.info)
  const ask = (request: Asked = {}): Promise<ChatCompletion> =>
    completions.create({ messages: hi, max_tokens: 40, temperature: 1, record: true, ...request })
  return {
    engine,
    ask,
    recordOf: async (request) => throughJson((await ask(request)).record),
    completions,
    languageModel: sampan({ info: model.info, chat: { completions } }),
    fetch: createFetch(source, model.info),
    replay: (record, options) => replayRecord(source, model.info, record, options),
  }
}

/** As a file would bring it back. */
export function throughJson(record: AnswerRecord | undefined): AnswerRecord {
  if (!record) throw new Error('there is no record')
  return JSON.parse(JSON.stringify(record))
}
