import { ChatCompletionStream } from '../chat/completion-stream.ts'
import type { Completions } from '../chat/completions.ts'
import { eventResponse } from './event-response.ts'
import { jsonResponse } from './json-response.ts'
import { readJson } from './read-json.ts'

/** `POST /v1/chat/completions`. */
export async function answerChat(
  completions: Completions,
  request: Request,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const answer = await completions.answer(await readJson(request), signal)
  if (!(answer instanceof ChatCompletionStream)) return jsonResponse(200, answer, { 'x-request-id': answer.id })
  return eventResponse(answer[Symbol.asyncIterator](), signal)
}
