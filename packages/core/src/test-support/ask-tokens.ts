import { readFileSync } from 'node:fs'
import { bytesSource, openGguf } from '@sampan/engine'
import type { AnswerPart, GenerationEnd, GenerationRequest, TokenEngine, TokenGenerateOptions } from '../backend.ts'
import { type Conversation, openConversation } from '../sampan/open-conversation.ts'
import { SampanModel } from '../sampan/sampan-model.ts'

// Pocket's tokenizer and template (Qwen3's format of thoughts and calls), with scripted tokens instead of its weights.
const file = readFileSync(new URL('../../../pocket/pocket.gguf', import.meta.url))
export const conversation = openConversation(
  await openGguf(bytesSource(Uint8Array.from(file), 'pocket.gguf')),
  {},
  'pocket',
)
export const { tokenizer } = conversation

const isAllowed = (mask: Uint32Array | undefined, token: number): boolean =>
  !mask || ((mask[token >>> 5] ?? 0) & (1 << (token & 31))) !== 0

/** Says what it is told to, as far as the constraint lets it; where not, a token that is allowed, those that end something first. */
export class ScriptedEngine implements TokenEngine {
  readonly contextLength = 1024
  readonly lost = new Promise<Error>(() => {})
  readonly #script: number[]
  prompt = ''
  /** Of the answer. */
  readonly tokens: number[] = []
  seen: TokenGenerateOptions | undefined

  constructor(script: string) {
    this.#script = tokenizer.encode(script, { addSpecialTokens: false })
  }

  async *generate(prompt: readonly number[], options: TokenGenerateOptions): AsyncGenerator<number, void, undefined> {
    this.prompt = tokenizer.decode(prompt)
    this.seen = options
    options.onCached?.(3)
    for (let step = 0; step < options.maxTokens; step++) {
      const mask = options.constraint?.allowed()
      const token = this.#next(mask, options.stopTokens)
      options.constraint?.accept(token)
      options.logprobs?.take({ token, logprob: -step / 8, top: [{ token, logprob: -step / 8 }] })
      this.tokens.push(token)
      yield token
      if (options.stopTokens.includes(token)) return
    }
  }

  #next(mask: Uint32Array | undefined, stopTokens: readonly number[]): number {
    // A model that may not end goes on.
    while (stopTokens.includes(this.#script[0] ?? -1) && !isAllowed(mask, this.#script[0] ?? -1)) this.#script.shift()
    const scripted = this.#script[0] ?? stopTokens[0] ?? 0
    if (isAllowed(mask, scripted)) {
      this.#script.shift()
      return scripted
    }
    const closing = ['}', ']', '"', '1'].flatMap((text) => tokenizer.encode(text, { addSpecialTokens: false }))
    const all = [...stopTokens, ...closing, ...Array.from({ length: tokenizer.vocabularySize }, (_, token) => token)]
    const token = all.find((one) => isAllowed(mask, one))
    if (token === undefined) throw new Error('nothing is allowed')
    return token
  }

  async dispose(): Promise<void> {}
}

export interface Answered {
  readonly parts: readonly AnswerPart[]
  readonly end: GenerationEnd
  readonly engine: ScriptedEngine
  readonly content: string
  readonly reasoning: string
}

export async function ask(
  script: string,
  request: Partial<GenerationRequest> = {},
  having: Conversation = conversation,
): Promise<Answered> {
  const engine = new ScriptedEngine(script)
  const model = new SampanModel(engine, having, { backend: 'sampan', source: 'pocket', bytes: 0 })
  const parts: AnswerPart[] = []
  const end = await model.generate(
    { messages: [{ role: 'user', content: 'Hi' }], ...request },
    {
      signal: new AbortController().signal,
      accepted: () => {},
      part: async (part) => {
        parts.push(part)
        return true
      },
    },
  )
  const textOf = (type: 'content' | 'reasoning'): string =>
    parts.map((part) => (part.type === type ? part.text : '')).join('')
  return { parts, end, engine, content: textOf('content'), reasoning: textOf('reasoning') }
}

export const weather = {
  name: 'get_weather',
  description: 'Weather of a city',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string', maxLength: 12 }, days: { type: 'integer', minimum: 1, maximum: 9 } },
    required: ['city', 'days'],
    additionalProperties: false,
  },
} as const
export const time = { name: 'get_time' } as const
