import { type AnswerReader, createAnswerReader } from '@sampan/text'
import type { AnswerPart, Backend, BackendModel, GenerationOutput, TokenLogprob } from '../backend.ts'
import { ContentTokens } from './content-tokens.ts'

/** For a backend that gives thoughts within the content: tells them apart as Sampan's own models do. */
export function splitThoughts(backend: Backend): Backend {
  return {
    name: backend.name,
    load: async (source, options) => splitting(await backend.load(source, options)),
  }
}

/** The same of a model that is loaded. */
export function splitting(model: BackendModel): BackendModel {
  return {
    info: model.info,
    lost: model.lost,
    ...(model.countTokens && { countTokens: model.countTokens.bind(model) }),
    counters: () => model.counters(),
    ledger: () => model.ledger(),
    dispose: () => model.dispose(),
    async generate(request, output) {
      const splitter = new ThoughtSplitter(output)
      const end = await model.generate(request, {
        signal: output.signal,
        accepted: () => output.accepted(),
        part: (part) => splitter.push(part),
      })
      await splitter.finish()
      return end
    },
  }
}

class ThoughtSplitter {
  readonly #reader: AnswerReader = createAnswerReader({ thoughts: true })
  readonly #output: GenerationOutput
  readonly #tokens = new ContentTokens<TokenLogprob>()
  #withLogprobs = false
  #wanted = true

  constructor(output: GenerationOutput) {
    this.#output = output
  }

  async push(part: AnswerPart): Promise<boolean> {
    if (part.type !== 'content') return this.#give(part)
    const before = this.#reader.inReasoning
    const read = this.#reader.push(part.text)
    if (part.logprobs && !before && !this.#reader.inReasoning) this.#wait(part.text, part.logprobs)
    await this.#giveRead(read)
    return this.#wanted
  }

  async finish(): Promise<void> {
    await this.#giveRead(this.#reader.finish())
  }

  async #giveRead(parts: readonly AnswerPart[]): Promise<void> {
    for (const part of parts)
      await this.#give(
        part.type === 'content' && this.#withLogprobs ? { ...part, logprobs: this.#tokens.take(part.text) } : part,
      )
  }

  /** Tokens that came together end with their text. */
  #wait(text: string, logprobs: readonly TokenLogprob[]): void {
    this.#withLogprobs = true
    for (const [index, logprob] of logprobs.entries())
      this.#tokens.add(logprob, index < logprobs.length - 1 ? '' : text)
  }

  async #give(part: AnswerPart): Promise<boolean> {
    this.#wanted = this.#wanted && (await this.#output.part(part))
    return this.#wanted
  }
}
