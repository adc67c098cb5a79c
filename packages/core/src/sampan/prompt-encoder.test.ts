import { createDetokenizer, encodePrompt, type Tokenizer } from '@sampan/text'
import { describe, expect, it } from 'vitest'
import type { GenerationMessage, GenerationRequest, TokenEngine, TokenGenerateOptions } from '../backend.ts'
import { conversation, tokenizer, weather } from '../test-support/ask-tokens.ts'
import { PromptEncoder } from './prompt-encoder.ts'
import { SampanModel } from './sampan-model.ts'

const idOf = (token: string): number => {
  const id = tokenizer.idOf(token)
  if (id === undefined) throw new Error(`no token ${token}`)
  return id
}

/** A text by its bytes: tokens that a model may choose, and no tokenizer does. */
const spelled = (text: string): number[] => [...text].map((character) => idOf(character === ' ' ? 'Ġ' : character))
const end = idOf('<|im_end|>')

/** Keeps its last prompt and answer as an engine's cache does, but for the last token, and says what it is told to. */
class CachingEngine implements TokenEngine {
  readonly contextLength = 1024
  readonly lost = new Promise<Error>(() => {})
  readonly prompts: (readonly number[])[] = []
  readonly answers: number[][]
  #cached: number[] = []

  constructor(...answers: number[][]) {
    this.answers = answers
  }

  async *generate(prompt: readonly number[], options: TokenGenerateOptions): AsyncGenerator<number, void, undefined> {
    this.prompts.push(prompt)
    const differs = prompt.findIndex((token, index) => token !== this.#cached[index])
    const common = differs < 0 ? prompt.length - 1 : Math.min(differs, prompt.length - 1)
    options.onCached?.(options.cachePrompt === false ? 0 : common)
    this.#cached = [...prompt]
    for (const token of (this.answers.shift() ?? []).slice(0, options.maxTokens)) {
      yield token
      if (options.stopTokens.includes(token)) return
      this.#cached.push(token)
    }
  }

  async dispose(): Promise<void> {}
}

interface Turn {
  readonly content: string
  readonly reasoning: string
  readonly promptTokens: number
  readonly cachedTokens: number
}

class Chat {
  readonly engine: CachingEngine
  readonly model: SampanModel
  readonly messages: GenerationMessage[] = []

  constructor(answers: number[][], having: Tokenizer = tokenizer) {
    this.engine = new CachingEngine(...answers)
    this.model = new SampanModel(
      this.engine,
      { ...conversation, tokenizer: having },
      { backend: 'sampan', source: 'pocket', bytes: 0 },
    )
  }

  async say(
    content: string,
    request: Partial<GenerationRequest> = {},
    wanted = Number.POSITIVE_INFINITY,
  ): Promise<Turn> {
    this.messages.push({ role: 'user', content })
    const turn = await this.ask(request, wanted)
    this.messages.push({ role: 'assistant', content: turn.content })
    return turn
  }

  /** @param wanted characters of the answer after which no more is */
  async ask(request: Partial<GenerationRequest>, wanted = Number.POSITIVE_INFINITY): Promise<Turn> {
    let [answer, reasoning] = ['', '']
    const { promptTokens, cachedTokens = -1 } = await this.model.generate(
      { messages: this.messages, ...request },
      {
        signal: new AbortController().signal,
        accepted: () => {},
        part: async (part) => {
          if (part.type === 'content') answer += part.text
          if (part.type === 'reasoning') reasoning += part.text
          return answer.length < wanted
        },
      },
    )
    return { content: answer, reasoning, promptTokens, cachedTokens }
  }

  lastPrompt(): string {
    return tokenizer.decode(this.engine.prompts.at(-1) ?? [])
  }
}

describe('a prompt that goes on from an answer', () => {
  const strange = spelled('hello there')

  it('begins with the tokens of the answer, where the text would be made into others', async () => {
    expect(tokenizer.encode('hello there')).not.toEqual(strange)
    const chat = new Chat([[...strange, end], [...spelled('again'), end], [end]])
    const first = await chat.say('Hi')
    expect(first.content).toBe('hello there')
    const second = await chat.say('What?')
    expect(second.cachedTokens).toBe(first.promptTokens + strange.length)
    const third = await chat.say('So?')
    expect(third.cachedTokens).toBe(second.promptTokens + 5)
    expect(chat.lastPrompt()).toContain('hello there<|im_end|>\n<|im_start|>user\nWhat?<|im_end|>')
  })

  it('begins with nothing of the kind without the cache', async () => {
    const chat = new Chat([[...strange, end], [end], [end]])
    await chat.say('Hi')
    const second = await chat.say('What?', { cachePrompt: false })
    expect(chat.engine.prompts.at(-1)).toEqual(encodePrompt(tokenizer, chat.lastPrompt()))
    expect(second.cachedTokens).toBe(0)
    // So it was before: from the answer on, nothing of the cache could be used.
    const [before = [], after = []] = chat.engine.prompts
    expect(after.slice(0, before.length)).toEqual(before)
    expect(after.slice(before.length, before.length + strange.length)).not.toEqual(strange)
  })

  it('is counted as it would be asked', async () => {
    const chat = new Chat([[...strange, end], [end]])
    await chat.say('Hi')
    const request = { messages: [...chat.messages, { role: 'user', content: 'What?' }] } as const
    const counted = await chat.model.countTokens(request)
    const without = await chat.model.countTokens({ ...request, cachePrompt: false })
    expect((await chat.say('What?')).promptTokens).toBe(counted)
    expect(without).toBeLessThan(counted)
  })

  it('goes on from an answer that was stopped, as far as it was read', async () => {
    const chat = new Chat([[...strange, end], [end]])
    const first = await chat.say('Hi', {}, 5)
    expect(first.content).toBe('hello')
    const second = await chat.say('What?')
    const [before = [], after = []] = chat.engine.prompts
    expect(after.slice(0, before.length + 5)).toEqual([...before, ...strange.slice(0, 5)])
    // The last token that was given out has not been run.
    expect(second.cachedTokens).toBe(first.promptTokens + 4)
  })

  it('goes on within an answer that was cut', async () => {
    const chat = new Chat([[...strange, end], [end]])
    const first = await chat.say('Hi', { maxTokens: 8 })
    expect(first.content).toBe('hello th')
    const second = await chat.ask({ continueFinalMessage: true })
    expect(second.promptTokens).toBe(first.promptTokens + 8)
    expect(second.cachedTokens).toBe(first.promptTokens + 7)
  })

  it('goes on from calls that the template writes as the model did', async () => {
    const call = '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Rome", "days": 2}}\n</tool_call>'
    const tokens = [
      ...tokenizer.encode('<tool_call>\n{"name": "get_weather", "arguments": {"city": "', { addSpecialTokens: false }),
      ...spelled('Rome'),
      ...tokenizer.encode('", "days": 2}}\n</tool_call>', { addSpecialTokens: false }),
    ]
    expect(tokens).not.toEqual(tokenizer.encode(call))
    const chat = new Chat([[...tokens, end], [end]])
    chat.messages.push({ role: 'user', content: 'Weather?' })
    const first = await chat.ask({ tools: [weather] })
    chat.messages.push(
      {
        role: 'assistant',
        content: '',
        toolCalls: [{ id: 'a', name: 'get_weather', arguments: '{"city": "Rome", "days": 2}' }],
      },
      { role: 'tool', toolCallId: 'a', content: '{"degrees": 18}' },
    )
    const second = await chat.ask({ tools: [weather] })
    expect(chat.lastPrompt()).toContain(call)
    expect(second.cachedTokens).toBe(first.promptTokens + tokens.length)
  })

  it('begins with the prompt before, where the template leaves thoughts out', async () => {
    const thought = tokenizer.encode('<think>\nhm\n</think>\n\n', { addSpecialTokens: false })
    const chat = new Chat([[...thought, ...strange, end], [end]])
    const first = await chat.say('Hi', { thinking: true })
    expect([first.reasoning, first.content]).toEqual(['hm', 'hello there'])
    const second = await chat.say('What?', { thinking: true })
    expect(chat.lastPrompt()).not.toContain('hm')
    // All but what the template puts before an answer, which is where the thoughts were.
    expect(second.cachedTokens).toBeGreaterThanOrEqual(first.promptTokens - 3)
    expect(chat.engine.prompts.at(-1)).toEqual(encodePrompt(tokenizer, chat.lastPrompt()))
  })

  it('has no special token that the reader was not shown', async () => {
    const hidden = idOf('<|im_start|>')
    const chat = new Chat([[...spelled('one'), hidden, ...spelled('two'), end], [end]])
    const first = await chat.say('Hi')
    expect(first.content).toBe('onetwo')
    await chat.say('What?')
    expect(chat.lastPrompt()).toContain('assistant\nonetwo<|im_end|>')
    expect(chat.engine.prompts.at(-1)).toEqual(encodePrompt(tokenizer, chat.lastPrompt()))
  })

  it('has nothing of an answer that was changed', async () => {
    for (const changed of ['hello theres', 'hello their', 'hello ', 'hell']) {
      const chat = new Chat([[...strange, end], [end]])
      await chat.say('Hi')
      chat.messages[1] = { role: 'assistant', content: changed }
      await chat.say('What?')
      const text = chat.lastPrompt()
      expect(text).toContain(`assistant\n${changed}<|im_end|>`)
      const isPart = 'hello there'.startsWith(changed)
      const plain = encodePrompt(tokenizer, text)
      if (isPart) expect(chat.engine.prompts.at(-1)).not.toEqual(plain)
      else expect(chat.engine.prompts.at(-1)).toEqual(plain)
    }
  })

  it('does not end within a character', async () => {
    const bytes = [...new TextEncoder().encode('é')].map((byte) =>
      Array.from({ length: tokenizer.vocabularySize }, (_, id) => id).find(
        (id) => tokenizer.tokenBytes(id).length === 1 && tokenizer.tokenBytes(id)[0] === byte,
      ),
    )
    const tokens = [...spelled('caf'), ...bytes.flatMap((token) => token ?? [])]
    const whole = new Chat([[...tokens, end], [end]])
    const first = await whole.say('Hi')
    expect(first.content).toBe('café')
    expect((await whole.say('What?')).cachedTokens).toBe(first.promptTokens + 5)
    const cut = new Chat([[...tokens, end], [end]])
    const begun = await cut.say('Hi', { maxTokens: 4 })
    expect(begun.content).toBe('caf\ufffd')
    // Half a character is nothing that goes back.
    cut.messages[1] = { role: 'assistant', content: 'caf' }
    await cut.say('What?')
    const [before = [], after = []] = cut.engine.prompts
    expect(after.slice(0, before.length + 4)).toEqual([...before, ...spelled('caf'), end])
  })
})

describe('a long conversation', () => {
  it.each([false, true])('is not made into tokens again from its beginning (thoughts: %s)', async (thinking) => {
    let encoded = 0
    const counting = new Proxy(tokenizer, {
      get(target, name) {
        if (name === 'encode')
          return (...given: Parameters<Tokenizer['encode']>) => {
            encoded += given[0].length
            return target.encode(...given)
          }
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const say = `${thinking ? '<think>\nhm\n</think>\n\n' : ''}An answer of some length.`
    const answer = [...tokenizer.encode(say, { addSpecialTokens: false }), end]
    const chat = new Chat(
      Array.from({ length: 12 }, () => answer),
      counting,
    )
    const costs: number[] = []
    for (let turn = 0; turn < 12; turn += 1) {
      encoded = 0
      await chat.say(`Question ${turn + 10} of many.`, { thinking })
      costs.push(encoded)
    }
    // The first finds out what the template can do.
    expect(new Set(costs.slice(2)).size).toBeLessThanOrEqual(2)
    expect(chat.lastPrompt().length).toBeGreaterThan(2 * Math.max(...costs.slice(2)))
  })
})

it('gives random conversations the tokens that they were made with', () => {
  const words = ['a', ' b', 'cat', '\n', ' dog', '<', '|im', '_end|>', 'é', '👍', '  ']
  let state = 7
  const random = (bound: number): number => {
    state = (state * 1103515245 + 12345) % 2147483648
    return Math.floor((state / 2147483648) * bound)
  }
  const say = (): string => Array.from({ length: random(6) }, () => words[random(words.length)]).join('')
  const plain = (text: string): number[] => tokenizer.encode(text, { addSpecialTokens: false, parseSpecial: false })
  const encoder = new PromptEncoder(tokenizer)
  for (let conversation = 0; conversation < 30; conversation += 1) {
    let [text, tokens] = ['', [] as number[]]
    for (let turn = 0; turn < 6; turn += 1) {
      const question = `${turn > 0 ? '<|im_end|>\n' : ''}<|im_start|>user\n${say()}<|im_end|>\n<|im_start|>assistant\n`
      const prompt = encoder.encode(text + question, true)
      expect(prompt).toEqual([...tokens, ...tokenizer.encode(question, { addSpecialTokens: false })])
      const trace = encoder.trace(text + question, prompt)
      const detokenizer = createDetokenizer(tokenizer)
      const pieces = Array.from({ length: random(8) }, () => words[random(words.length)] ?? '')
      const answer: number[] = []
      for (const piece of pieces)
        for (const token of plain(piece)) {
          answer.push(token)
          trace.push(token, detokenizer.push(token))
        }
      trace.end()
      text += question + pieces.join('')
      tokens = [...prompt, ...answer]
    }
  }
})
