import type { AnswerPart, TokenLogprob } from '../backend.ts'
import type { FinishReason } from '../chat/answer-types.ts'
import type { AnswerRecord } from '../record/record-types.ts'

export interface TextLogprobs {
  tokens: string[]
  token_logprobs: number[]
  top_logprobs: Record<string, number>[]
  /** Where each token begins, in UTF-16 code units from the answer's start. */
  text_offset: number[]
}

export interface TextChoice {
  index: number
  text: string
  logprobs: TextLogprobs | null
  finish_reason: FinishReason | null
  /** Where `return_token_ids` asks for them: chosen since the piece before, as vLLM tells them. */
  token_ids?: number[]
  /** When each was there: milliseconds since the model took the request on. */
  token_times?: number[]
  record?: AnswerRecord
}

export type ContentPart = Extract<AnswerPart, { type: 'content' }>

/** A choice of a text completion from pieces of its content; `start`: the length of the text before them. */
export function textChoice(
  index: number,
  parts: readonly ContentPart[],
  start: number,
  finish: FinishReason | null,
  withLogprobs: boolean,
): TextChoice {
  const logprobs: TextLogprobs = { tokens: [], token_logprobs: [], top_logprobs: [], text_offset: [] }
  let text = ''
  const tokens = parts.flatMap((part) => part.tokens ?? [])
  for (const part of parts) {
    let offset = start + text.length
    text += part.text
    for (const token of part.logprobs ?? []) {
      addToken(logprobs, token, Math.min(offset, start + text.length))
      offset += token.text.length
    }
  }
  const choice: TextChoice = { index, text, logprobs: withLogprobs ? logprobs : null, finish_reason: finish }
  if (tokens.length === 0) return choice
  return { ...choice, token_ids: tokens.map(({ id }) => id), token_times: tokens.map(({ ms }) => ms) }
}

function addToken(logprobs: TextLogprobs, { text, logprob, top }: TokenLogprob, offset: number): void {
  logprobs.tokens.push(text)
  logprobs.token_logprobs.push(logprob)
  logprobs.top_logprobs.push(Object.fromEntries(top.map((other) => [other.text, other.logprob])))
  logprobs.text_offset.push(offset)
}
