import { type AnswerHead, deltaChunk, deltaOf, headAt, logprobsOf, usageChunk, usageOf, warningOf } from './answer.ts'
import type { AnswerRun, RunEvent } from './answer-run.ts'
import type { AnswerWarning, ChatCompletionChunk, CompletionUsage } from './answer-types.ts'

/** The chunks of an answer, in order: of each choice one with its role, its parts, and one with `finish_reason`. */
export async function* answerChunks(
  head: AnswerHead,
  run: AnswerRun,
  includeUsage: boolean | undefined,
): AsyncGenerator<ChatCompletionChunk, undefined> {
  try {
    for (let index = 0; index < run.choices; index++) {
      yield deltaChunk(head, { role: 'assistant', content: '' }, { index })
      const warnings: AnswerWarning[] = []
      let event = await run.next()
      while (event?.type === 'part') {
        const chunk = partChunk(headAt(head, run.place), event)
        if (chunk) yield chunk
        else if (event.part.type === 'warning') warnings.push(warningOf(event.part))
        event = await run.next()
      }
      if (!event) return undefined
      const usage = index === run.choices - 1 ? usageOf(run.ends) : undefined
      yield finishChunk(headAt(head, run.place), event, warnings, includeUsage === undefined ? usage : undefined)
      if (includeUsage && usage) yield usageChunk(headAt(head, run.place), usage)
    }
    return undefined
  } finally {
    run.cancel()
  }
}

function partChunk(head: AnswerHead, event: Extract<RunEvent, { type: 'part' }>): ChatCompletionChunk | undefined {
  const { part, choice } = event
  const delta = deltaOf(part)
  if (!delta) return undefined
  const logprobs = part.type === 'content' && part.logprobs ? logprobsOf(part.logprobs) : null
  return deltaChunk(head, delta, { index: choice, logprobs })
}

function finishChunk(
  head: AnswerHead,
  event: Extract<RunEvent, { type: 'end' }>,
  warnings: AnswerWarning[],
  usage: CompletionUsage | undefined,
): ChatCompletionChunk {
  return deltaChunk(head, warnings.length > 0 ? { warnings } : {}, {
    index: event.choice,
    finish: event.end.reason,
    ...(usage && { usage }),
    ...(event.end.record && { record: event.end.record }),
  })
}
