import { bytesSource, type Engine, loadEngine, openGguf } from '@sampan/engine'
import { chatTemplateFromGguf, createChatTemplate, encodePrompt, type Tokenizer, tokenizerFromGguf } from '@sampan/text'
import type { EvaluationCase } from './evaluation-case.ts'
import type { Answer } from './score.ts'

/** The token that opens "needs a larger model". */
const beyondToken = '<|beyond|>'

/** A reply may be this much longer than the right one; a longer one is wrong whatever follows. */
const spareLength = { factor: 1.5, tokens: 24 }

/** Room for a reply of free choice. */
const freeReplyTokens = 96

export interface Answering {
  readonly adapter: string
  /** Greedy, through the file's own template. */
  answer(entry: EvaluationCase): Promise<Answer>
  dispose(): Promise<void>
}

/**
 * A model file on the engine that apps get, as `@sampan/core` opens it: tokenizer and chat template come out of the file.
 * @throws EngineError and TextError for what the file lacks
 */
export async function openAnswering(bytes: Uint8Array, name: string): Promise<Answering> {
  const checkpoint = await openGguf(bytesSource(bytes, name))
  const tokenizer = tokenizerFromGguf(checkpoint.metadata)
  const source = chatTemplateFromGguf(checkpoint.metadata)
  if (source === undefined) throw new TypeError(`${name} has no chat template, so it cannot be asked anything`)
  const template = createChatTemplate(source, tokenizer)
  const engine = await loadEngine(checkpoint)
  const { vendor, architecture } = engine.adapter
  return {
    adapter: `${vendor} ${architecture}${engine.adapter.software ? ' (software)' : ''}`,
    answer: (entry) => answer(engine, tokenizer, entry, promptOf(template, tokenizer, entry)),
    dispose: () => engine.dispose(),
  }
}

function promptOf(
  template: ReturnType<typeof createChatTemplate>,
  tokenizer: Tokenizer,
  { messages, tools, thinking }: EvaluationCase,
): readonly number[] {
  const variables = { enable_thinking: thinking }
  return encodePrompt(tokenizer, template.render(messages, { addGenerationPrompt: true, tools, variables }))
}

async function answer(
  engine: Engine,
  tokenizer: Tokenizer,
  entry: EvaluationCase,
  prompt: readonly number[],
): Promise<Answer> {
  const started = performance.now()
  const ids: number[] = []
  const maxTokens = Math.min(longestReply(tokenizer, entry), engine.contextLength - prompt.length)
  for await (const id of engine.generate(prompt, { maxTokens, stopTokens: tokenizer.endTokenIds })) ids.push(id)
  const beyond = tokenizer.idOf(beyondToken)
  const ends = new Set(tokenizer.endTokenIds)
  const kept = ids.filter((id) => !ends.has(id) && id !== beyond)
  return {
    text: tokenizer.decode(kept, { skipSpecialTokens: true }),
    beyond: beyond !== undefined && ids.includes(beyond),
    ended: ends.has(ids.at(-1) ?? -1),
    promptTokens: prompt.length,
    tokens: ids.length,
    milliseconds: performance.now() - started,
  }
}

/** The lists of questions ask for the first token; everything else for a whole reply. */
function longestReply(tokenizer: Tokenizer, { source, expected, reply }: EvaluationCase): number {
  if (source === 'outside' || source === 'inside') return 1
  const known = reply ?? ('value' in expected && expected.kind !== 'number' ? JSON.stringify(expected.value) : '')
  const tokens = known === '' ? freeReplyTokens : tokenizer.encode(known, { addSpecialTokens: false }).length
  return Math.ceil(tokens * spareLength.factor) + spareLength.tokens
}
