import type { ModelRecord } from '@mlc-ai/web-llm'
import { BackendError } from '../backend-error.ts'

/**
 * web-llm fails a load with errors of its own classes, or with the bare `TypeError` of `Cache.add`, which names neither the
 * file nor the status. The files are asked for again to find out which it was.
 */
export async function explainLoadFailure(
  error: unknown,
  record: ModelRecord,
  signal: AbortSignal,
): Promise<BackendError> {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) }
  if (name === 'WebGPUNotAvailableError' || name === 'WebGPUNotFoundError' || /adapter/i.test(message))
    return new BackendError('webgpu-unavailable', `This browser gives web-llm no GPU: ${message}`, {}, error)
  if (name === 'FeatureSupportError' || name === 'ShaderF16SupportError')
    return new BackendError('device-feature-missing', `This GPU lacks a feature of the model: ${message}`, {}, error)
  if (name === 'DeviceLostError') return deviceLost(error)
  if (/exceeds? limit|requested max/i.test(message))
    return new BackendError('device-limit-exceeded', `This GPU is too small for web-llm: ${message}`, {}, error)
  const file = await findUnreadable(record, signal)
  if (file) return file
  if (name === 'CompileError' || name === 'LinkError' || /WebAssembly|wasm|PackedFunc|ABI/i.test(message))
    return new BackendError(
      'model-library-invalid',
      `${record.model_lib} is no model library for web-llm 0.2.86: use one compiled for this version. (${message})`,
      { url: record.model_lib },
      error,
    )
  if (error instanceof TypeError || name === 'NetworkError')
    return new BackendError(
      'network-failed',
      `The connection was lost while the weights of ${record.model_id} were fetched: load again, the files that are complete are kept. (${message})`,
      { id: record.model_id },
      error,
    )
  return new BackendError('backend-failed', `web-llm could not load ${record.model_id}: ${message}`, { name }, error)
}

export function deviceLost(cause?: unknown): BackendError {
  return new BackendError(
    'device-lost',
    'The GPU was lost, mostly because it ran out of memory: load the model again, or a smaller one, or with a smaller contextLength.',
    {},
    cause,
  )
}

async function findUnreadable(record: ModelRecord, signal: AbortSignal): Promise<BackendError | undefined> {
  const base = new URL(
    /\/resolve\/[^/]+\/?$/.test(record.model) ? record.model : `${record.model.replace(/\/$/, '')}/resolve/main`,
  )
  const files = [
    record.model_lib,
    ...['mlc-chat-config.json', 'tensor-cache.json'].map((name) => `${base.href.replace(/\/$/, '')}/${name}`),
  ]
  for (const url of files) {
    const failure = await probe(url, signal)
    if (!failure) continue
    const isLibrary = url === record.model_lib
    const what = isLibrary ? 'The model library' : 'A file of the model'
    const details = { url, ...(failure.status !== undefined && { status: failure.status }) }
    if (failure.status === undefined)
      return new BackendError(
        'network-failed',
        `${what} cannot be reached: ${url}. Check the connection and CORS.`,
        details,
      )
    if (failure.status === 401 || failure.status === 403)
      return new BackendError('source-forbidden', `${what} may not be read (${failure.status}): ${url}.`, details)
    if (failure.status === 404)
      return new BackendError(
        isLibrary ? 'model-library-invalid' : 'source-not-found',
        `${what} does not exist (404): ${url}. Check the address.`,
        details,
      )
    return new BackendError('source-unavailable', `${what} gives ${failure.status}: ${url}. Try again later.`, details)
  }
  return undefined
}

async function probe(url: string, signal: AbortSignal): Promise<{ readonly status?: number } | undefined> {
  const stop = new AbortController()
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, stop.signal]) })
    return response.ok ? undefined : { status: response.status }
  } catch {
    signal.throwIfAborted()
    return {}
  } finally {
    stop.abort()
  }
}
