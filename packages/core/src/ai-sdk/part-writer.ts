import type { LanguageModelV4StreamPart } from '@ai-sdk/provider'
import type {
  AnswerWarning,
  ChatCompletionChunk,
  FinishReason,
  TokenLogprobEntry,
  ToolCallDelta,
} from '../chat/answer-types.ts'
import { cutCallWarning, finishReasonOf, isWholeCall, metadataOf, usageOf } from './answer-facts.ts'

type Part = LanguageModelV4StreamPart
type Block = { readonly kind: 'text' | 'reasoning'; readonly id: string }
type Call = { readonly id: string; readonly name: string; input: string; open: boolean }

/** Turns the chunks of one answer into the AI SDK's parts: text and thoughts in blocks, one open at a time, and inputs of tools. */
export class PartWriter {
  #parts: Part[] = []
  #begun = false
  #blocks = 0
  #block: Block | undefined
  readonly #calls = new Map<number, Call>()
  readonly #logprobs: TokenLogprobEntry[] = []

  write(chunk: ChatCompletionChunk): Part[] {
    this.#parts = []
    if (!this.#begun) {
      this.#begun = true
      const timestamp = new Date(chunk.created * 1000)
      this.#parts.push({ type: 'response-metadata', id: chunk.id, timestamp, modelId: chunk.model })
    }
    const [choice] = chunk.choices
    if (!choice) return this.#parts
    const { delta, logprobs, finish_reason } = choice
    if (delta.reasoning_content) this.#text('reasoning', delta.reasoning_content)
    if (delta.content) this.#text('text', delta.content)
    for (const call of delta.tool_calls ?? []) this.#call(call)
    if (logprobs) this.#logprobs.push(...logprobs.content)
    if (finish_reason) this.#finish(finish_reason, chunk, delta.warnings ?? [])
    return this.#parts
  }

  #text(kind: Block['kind'], delta: string): void {
    this.#endCalls()
    if (this.#block?.kind !== kind) {
      this.#endBlock()
      this.#block = { kind, id: `${kind}-${this.#blocks++}` }
      this.#parts.push({ type: `${kind}-start`, id: this.#block.id })
    }
    this.#parts.push({ type: `${kind}-delta`, id: this.#block.id, delta })
  }

  #call({ index, id, function: { name, arguments: delta } }: ToolCallDelta): void {
    if (id !== undefined && name !== undefined) {
      this.#endBlock()
      this.#endCalls()
      this.#calls.set(index, { id, name, input: '', open: true })
      this.#parts.push({ type: 'tool-input-start', id, toolName: name })
    }
    const call = this.#calls.get(index)
    if (!call || delta === '') return
    call.input += delta
    this.#parts.push({ type: 'tool-input-delta', id: call.id, delta })
  }

  /** Only here are calls told to be made: until the end any of them may turn out to be none. */
  #finish(reason: FinishReason, chunk: ChatCompletionChunk, warnings: readonly AnswerWarning[]): void {
    this.#endBlock()
    this.#endCalls()
    for (const { index } of warnings) if (index !== undefined) this.#calls.delete(index)
    const cut: AnswerWarning[] = []
    for (const { id, name, input } of this.#calls.values())
      if (isWholeCall(input)) this.#parts.push({ type: 'tool-call', toolCallId: id, toolName: name, input })
      else cut.push(cutCallWarning(name))
    this.#parts.push({
      type: 'finish',
      finishReason: finishReasonOf(reason),
      usage: usageOf(chunk.usage ?? undefined),
      providerMetadata: metadataOf({
        fingerprint: chunk.system_fingerprint,
        warnings: [...warnings, ...cut],
        logprobs: this.#logprobs,
        record: chunk.record,
      }),
    })
  }

  #endBlock(): void {
    if (this.#block) this.#parts.push({ type: `${this.#block.kind}-end`, id: this.#block.id })
    this.#block = undefined
  }

  #endCalls(): void {
    for (const call of this.#calls.values()) {
      if (call.open) this.#parts.push({ type: 'tool-input-end', id: call.id })
      call.open = false
    }
  }
}
