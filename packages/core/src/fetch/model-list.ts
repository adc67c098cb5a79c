import { failure } from './error-response.ts'
import { jsonResponse } from './json-response.ts'

/** `GET /v1/models` and `GET /v1/models/{id}`, of the one model there is. */
export function modelList(id: string): { list(): Response; retrieve(path: string): Response } {
  const model = { id, object: 'model', created: Math.floor(Date.now() / 1000), owned_by: 'sampan' }
  return {
    list: () => jsonResponse(200, { object: 'list', data: [model] }),
    retrieve: (path) => {
      const asked = decode(path)
      if (asked === id) return jsonResponse(200, model)
      const message = `The model ${JSON.stringify(asked)} is not loaded here; ${JSON.stringify(id)} is.`
      return failure(404, { message, type: 'invalid_request_error', param: 'model', code: 'model_not_found' })
    },
  }
}

/** An id may be written with its slashes or without. */
function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
