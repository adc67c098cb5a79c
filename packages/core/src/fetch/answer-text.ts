import type { ModelInfo } from '../backend.ts'
import { type AnswerHead, answerHead, headAt, usageOf } from '../chat/answer.ts'
import { AnswerRun, type AnswerSource } from '../chat/answer-run.ts'
import type { CompletionUsage } from '../chat/answer-types.ts'
import { RunIterator } from '../chat/run-iterator.ts'
import type { AnswerRecord } from '../record/record-types.ts'
import { recordOfChoice, recordOfReply } from '../record/recorded-end.ts'
import { eventResponse } from './event-response.ts'
import { jsonResponse } from './json-response.ts'
import { readJson } from './read-json.ts'
import { type ContentPart, type TextChoice, textChoice } from './text-choice.ts'
import { readTextRequest } from './text-request.ts'

interface TextCompletion extends AnswerHead {
  readonly object: 'text_completion'
  readonly choices: readonly TextChoice[]
  readonly usage?: CompletionUsage
  /** As a chat completion has it. */
  readonly record?: AnswerRecord
}

/** `POST /v1/completions`. */
export async function answerText(
  source: AnswerSource,
  info: Pick<ModelInfo, 'source' | 'backend' | 'fingerprint' | 'readsText'>,
  request: Request,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const valid = readTextRequest(await readJson(request), info)
  const run = await AnswerRun.start(source, valid, signal)
  const head = { ...answerHead(info.source, info.fingerprint), id: `cmpl-${crypto.randomUUID()}` }
  const withLogprobs = valid.generation.topLogprobs !== undefined
  if (!valid.stream) return jsonResponse(200, await whole(head, run, withLogprobs), { 'x-request-id': head.id })
  const pieces = new RunIterator(run, textPieces(head, run, withLogprobs, valid.includeUsage))
  return eventResponse(pieces, signal)
}

async function whole(head: AnswerHead, run: AnswerRun, withLogprobs: boolean): Promise<TextCompletion> {
  const choices: TextChoice[] = []
  let parts: ContentPart[] = []
  while (choices.length < run.choices) {
    const event = await run.next()
    if (!event) throw new DOMException('The answer was cancelled.', 'AbortError')
    if (event.type === 'end') {
      const choice = textChoice(event.choice, parts, 0, event.end.reason, withLogprobs)
      choices.push({ ...choice, ...recordOfChoice(event.end, run) })
      parts = []
    } else if (event.part.type === 'content') parts.push(event.part)
  }
  const usage = usageOf(run.ends)
  return { ...headAt(head, run.place), object: 'text_completion', choices, usage, ...recordOfReply(run) }
}

async function* textPieces(
  head: AnswerHead,
  run: AnswerRun,
  withLogprobs: boolean,
  includeUsage: boolean | undefined,
): AsyncGenerator<TextCompletion, undefined> {
  const piece = (choices: readonly TextChoice[], usage?: CompletionUsage): TextCompletion => ({
    ...headAt(head, run.place),
    object: 'text_completion',
    choices,
    ...(usage && { usage }),
  })
  try {
    let length = 0
    for (let event = await run.next(); event; event = await run.next()) {
      if (event.type === 'end') {
        const usage = run.ends.length === run.choices ? usageOf(run.ends) : undefined
        const last = textChoice(event.choice, [], length, event.end.reason, false)
        const { record } = event.end
        yield { ...piece([last], includeUsage === undefined ? usage : undefined), ...(record && { record }) }
        if (includeUsage && usage) yield piece([], usage)
        length = 0
      } else if (event.part.type === 'content') {
        yield piece([textChoice(event.choice, [event.part], length, null, withLogprobs)])
        length += event.part.text.length
      }
    }
    return undefined
  } finally {
    run.cancel()
  }
}
