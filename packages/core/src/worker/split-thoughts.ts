import { type AnswerReader, createAnswerReader } from '@sampan/text'
import type { AnswerPart, Backend, BackendModel, GenerationOutput } from '../backend.ts'

/** For a backend that gives thoughts within the content: tells them apart as Sampan's own models do. */
export function splitThoughts(backend: Backend): Backend {
  return {
    name: backend.name,
    load: async (source, options) => splitting(await backend.load(source, options)),
  }
}

function splitting(model: BackendModel): BackendModel {
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
  #wanted = true

  constructor(output: GenerationOutput) {
    this.#output = output
  }

  async push(part: AnswerPart): Promise<boolean> {
    if (part.type !== 'content') return this.#give(part)
    for (const read of this.#reader.push(part.text))
      await this.#give(read.type === 'content' && part.logprobs ? { ...read, logprobs: part.logprobs } : read)
    return this.#wanted
  }

  async finish(): Promise<void> {
    for (const part of this.#reader.finish()) await this.#give(part)
  }

  async #give(part: AnswerPart): Promise<boolean> {
    this.#wanted = this.#wanted && (await this.#output.part(part))
    return this.#wanted
  }
}
