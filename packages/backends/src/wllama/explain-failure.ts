import { BackendError } from '../backend-error.ts'

const NO_MEMORY = /out of memory|\boom\b|alloc|WebAssembly\.Memory/i

/**
 * A failure of `loadModel` in Sampan's words.
 * @param log what llama.cpp itself called errors; what reaches us after them is only how wllama stumbled over them
 */
export function explainLoadFailure(error: unknown, log: readonly string[]): BackendError {
  if (error instanceof BackendError) return error
  const details = { log: [...log] }
  if (NO_MEMORY.test(log.length > 0 ? log.join('\n') : String(error)))
    return new BackendError(
      'device-out-of-memory',
      'There is not enough memory for this model on the CPU: close other tabs, or choose a smaller model or contextLength.',
      details,
      error,
    )
  if (log.length === 0) return stopped(error, log, 'starting')
  const said = log.find((line) => /error/i.test(line)) ?? log.at(-1)
  return new BackendError(
    'file-malformed',
    `llama.cpp cannot load this file: ${said}. Download it anew, or take another copy of the model.`,
    details,
    error,
  )
}

const STOPPED_ADVICE = {
  starting:
    "Check that the page's Content-Security-Policy allows Workers from blob: and 'wasm-unsafe-eval', and that the .wasm files beside @sampan/core's scripts are served, then load the model again.",
  running:
    'Load the model again; if it stays so, memory may have run out: close other tabs, or choose a smaller model or contextLength.',
}

/** llama.cpp or its Worker came to an end that cannot be mended. */
export function stopped(cause: unknown, log: readonly string[], phase: keyof typeof STOPPED_ADVICE): BackendError {
  const said = (cause instanceof Error ? cause.message : String(cause)).replace(/[.\s]+$/, '')
  return new BackendError(
    'backend-failed',
    `llama.cpp stopped: ${said}. ${STOPPED_ADVICE[phase]}`,
    { cause: said, log: [...log] },
    cause,
  )
}

export function modelDisposed(): BackendError {
  return new BackendError('model-disposed', 'The model was disposed of: load it again to ask it more.')
}
