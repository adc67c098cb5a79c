// Served as it is, so that every answer in a terminal also proves that the built library works from a plain module script.
import { load } from '/packages/core/index.js'

/** Of packages that bring a model along. */
const bundledModels = { pocket: '/packages/pocket/index.js' }

const progressEveryMs = 60

/** Reports arrive in order; the last one must have arrived before the result does. */
let lastReport = Promise.resolve()

/** @param {object} event */
function report(event) {
  lastReport = globalThis.sampanReport(event)
}

/** @param {{ source: string, messages: unknown[], bits?: unknown, backend?: string, maxTokens: number, temperature: number, seed?: number, thinking?: 'enabled' | 'disabled' }} request */
async function run(request) {
  const bundled = bundledModels[request.source]
  if (bundled) await import(bundled)
  const started = performance.now()
  let reportedAt = 0
  const model = await load(request.source, {
    download: 'allow',
    // A terminal's answer is one of our own engine, also on a software adapter, where an app would compute on the CPU.
    backend: request.backend ?? (request.source.startsWith('mlc:') ? 'auto' : 'sampan'),
    ...(request.bits === undefined ? {} : { bits: request.bits }),
    onProgress(progress) {
      const now = performance.now()
      if (now - reportedAt < progressEveryMs && progress.loaded < progress.total) return
      reportedAt = now
      report({ kind: 'progress', progress })
    },
  })
  const loadMs = performance.now() - started
  report({ kind: 'loaded' })
  try {
    const asked = performance.now()
    let firstAt = 0
    let tokens = 0
    let finishReason = null
    const stream = await model.chat.completions.create({
      messages: request.messages,
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: request.maxTokens,
      temperature: request.temperature,
      ...(request.seed === undefined ? {} : { seed: request.seed }),
      ...(request.thinking === undefined ? {} : { thinking: { type: request.thinking } }),
    })
    for await (const chunk of stream) {
      const choice = chunk.choices[0]
      const { reasoning_content: thought, content } = choice?.delta ?? {}
      if (thought || content) firstAt ||= performance.now()
      if (thought) report({ kind: 'thought', text: thought })
      if (content) report({ kind: 'text', text: content })
      finishReason = choice?.finish_reason ?? finishReason
      tokens = chunk.usage?.completion_tokens ?? tokens
    }
    const ended = performance.now()
    await lastReport
    const adapter = model.info.adapter
    return {
      adapter: adapter
        ? adapter.description || `${adapter.vendor} ${adapter.architecture}`.trim()
        : model.info.backend === 'wllama'
          ? 'CPU (wllama)'
          : model.info.backend,
      software: adapter?.software ?? false,
      loadMs,
      ttftMs: (firstAt || ended) - asked,
      tokens,
      // From the first token on, so that the prompt's time is not in it.
      tokensPerSecond: firstAt && tokens > 1 && ended > firstAt ? ((tokens - 1) * 1000) / (ended - firstAt) : 0,
      finishReason,
    }
  } finally {
    await model.dispose()
  }
}

globalThis.sampanRun = async (request) => {
  try {
    return { ok: true, figures: await run(request) }
  } catch (error) {
    return { ok: false, code: error?.code ?? error?.name ?? '', message: error?.message ?? String(error) }
  }
}
