import type { ChatMessage, Model } from '@sampan/core'
import type { Settings } from './settings.ts'

export interface Figures {
  readonly tokens: number
  /** Of prompt and answer together. */
  readonly contextTokens: number
  readonly firstTokenMs: number
  readonly tokensPerSecond: number
  readonly cutShort: boolean
}

/**
 * Streams one answer. A system message that begins `history` takes the place of the one in Settings.
 * @returns what it cost; `tokensPerSecond` counts from the first text on, so that reading the prompt is not in it
 */
export async function ask(
  model: Model,
  history: readonly ChatMessage[],
  settings: Settings,
  signal: AbortSignal,
  onText: (text: string) => void,
): Promise<Figures> {
  const started = performance.now()
  let firstAt = 0
  let tokens = 0
  let contextTokens = 0
  let cutShort = false
  const given = settings.system.trim() === '' || history[0]?.role === 'system'
  const system: ChatMessage[] = given ? [] : [{ role: 'system', content: settings.system }]
  const stream = await model.chat.completions.create(
    {
      messages: [...system, ...history],
      stream: true,
      stream_options: { include_usage: true },
      ...(settings.temperature !== 'model' && { temperature: settings.temperature }),
      max_tokens: settings.maxTokens,
    },
    { signal },
  )
  for await (const chunk of stream) {
    const choice = chunk.choices[0]
    const text = choice?.delta.content
    if (text) {
      firstAt ||= performance.now()
      onText(text)
    }
    if (choice?.finish_reason === 'length') cutShort = true
    if (chunk.usage) {
      tokens = chunk.usage.completion_tokens
      contextTokens = chunk.usage.total_tokens
    }
  }
  const ended = performance.now()
  const first = firstAt || ended
  return {
    tokens,
    contextTokens,
    firstTokenMs: first - started,
    tokensPerSecond: ended > first ? (Math.max(0, tokens - 1) * 1000) / (ended - first) : 0,
    cutShort,
  }
}
