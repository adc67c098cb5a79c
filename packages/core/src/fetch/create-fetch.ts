import type { ModelInfo } from '../backend.ts'
import type { AnswerSource } from '../chat/answer-run.ts'
import { Completions } from '../chat/completions.ts'
import { answerChat } from './answer-chat.ts'
import { answerText } from './answer-text.ts'
import { errorResponse, methodNotAllowed, urlUnknown } from './error-response.ts'
import type { FetchFunction } from './fetch-function.ts'
import { modelList } from './model-list.ts'

/** For addresses without a host; only the path counts. */
const ANY_HOST = 'https://sampan.invalid/'

const TEXT = /\/v1\/completions\/?$/

type Route = (request: Request, rest: string, signal: AbortSignal | undefined) => Response | Promise<Response>

/**
 * OpenAI's HTTP API over one model. Whatever goes wrong is a response with OpenAI's status codes and error bodies; only aborts reject,
 * with the signal's reason, as `fetch` does it.
 */
export function createFetch(source: AnswerSource, info: ModelInfo): FetchFunction {
  const completions = new Completions(source, info)
  const models = modelList(info.source)
  const routes: readonly { readonly path: RegExp; readonly method: string; readonly route: Route }[] = [
    {
      path: /\/v1\/chat\/completions\/?$/,
      method: 'POST',
      route: (request, _rest, signal) => answerChat(completions, request, signal),
    },
    {
      path: TEXT,
      method: 'POST',
      route: (request, _rest, signal) => answerText(source, info, request, signal),
    },
    { path: /\/v1\/models\/?$/, method: 'GET', route: () => models.list() },
    { path: /\/v1\/models\/(.+)$/, method: 'GET', route: (_request, rest) => models.retrieve(rest) },
  ]
  return async (input, init) => {
    const signal = signalOf(input, init)
    signal?.throwIfAborted()
    const request = new Request(typeof input === 'string' ? new URL(input, ANY_HOST) : input, init)
    const { pathname } = new URL(request.url)
    for (const { path, method, route } of routes) {
      const match = path.exec(pathname)
      if (!match) continue
      if (request.method !== method) return methodNotAllowed(request.method, pathname, method)
      try {
        return await route(request, match[1] ?? '', signal)
      } catch (error) {
        signal?.throwIfAborted()
        return errorResponse(error, path === TEXT ? 'prompt' : 'messages')
      }
    }
    return urlUnknown(request.method, pathname)
  }
}

/** Not `request.signal`: that one follows another, and may be collected before it is heard. */
function signalOf(input: RequestInfo | URL, init: RequestInit | undefined): AbortSignal | undefined {
  if (init?.signal !== undefined) return init.signal ?? undefined
  return typeof input === 'object' && 'signal' in input ? input.signal : undefined
}
