import type { AnswerDelta, ChatMessage, FinishReason, FunctionTool, Model } from '@sampan/core'
import type { Settings } from './settings.ts'

/** A conversation that ends with a question. */
export interface Question {
  readonly messages: readonly ChatMessage[]
  /** What the model may ask to be called. */
  readonly tools: readonly FunctionTool[]
}

export interface Figures {
  readonly tokens: number
  /** Of prompt and answer together. */
  readonly contextTokens: number
  readonly firstTokenMs: number
  readonly tokensPerSecond: number
  readonly finish: FinishReason | undefined
}

/**
 * Streams one answer.
 * @returns what it cost; `tokensPerSecond` counts from the first text on, so that reading the prompt is not in it
 */
export async function ask(
  model: Model,
  { messages, tools }: Question,
  settings: Settings,
  signal: AbortSignal,
  onDelta: (delta: AnswerDelta) => void,
): Promise<Figures> {
  const started = performance.now()
  let firstAt = 0
  let countedFrom = 0
  let tokens = 0
  let contextTokens = 0
  let finish: FinishReason | undefined
  const system: ChatMessage[] = settings.system.trim() === '' ? [] : [{ role: 'system', content: settings.system }]
  const stream = await model.chat.completions.create(
    {
      messages: [...system, ...messages],
      stream: true,
      stream_options: { include_usage: true },
      ...(tools.length > 0 && { tools }),
      ...(settings.thinking !== 'model' && { thinking: { type: settings.thinking } }),
      ...(settings.temperature !== 'model' && { temperature: settings.temperature }),
      max_tokens: settings.maxTokens,
    },
    { signal },
  )
  for await (const chunk of stream) {
    const choice = chunk.choices[0]
    const { content, reasoning_content, tool_calls, warnings } = choice?.delta ?? {}
    if (content || reasoning_content || tool_calls) {
      firstAt ||= performance.now()
      // A call shows when its name is certain: by then an unknown number of its tokens has been made.
      countedFrom ||= tool_calls ? started : firstAt
    }
    if (choice && (content || reasoning_content || tool_calls || warnings)) onDelta(choice.delta)
    finish = choice?.finish_reason ?? finish
    if (chunk.usage) {
      tokens = chunk.usage.completion_tokens
      contextTokens = chunk.usage.total_tokens
    }
  }
  const ended = performance.now()
  return {
    tokens,
    contextTokens,
    firstTokenMs: (firstAt || ended) - started,
    tokensPerSecond: countedFrom && ended > countedFrom ? (Math.max(0, tokens - 1) * 1000) / (ended - countedFrom) : 0,
    finish,
  }
}
