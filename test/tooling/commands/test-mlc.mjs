import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { builtFolders } from '../serve/demos.mjs'
import { startServer } from '../serve/server.mjs'
import { browserAtHand } from '../setup/browser.mjs'
import { build } from '../setup/build.mjs'
import { CommandFailure, oneLine } from '../setup/failure.mjs'
import { install } from '../setup/install.mjs'
import { launchBrowser } from '../setup/launch.mjs'
import { runProject } from '../suites/vitest.mjs'
import { exitCodeOf, interruptSignal, whenAborted } from '../terminal/interrupt.mjs'

const help = `Streams real tokens from a compiled model through the backend web-llm. It is no part of npm test: libraries are
too large to keep here, and weights too.

  npm run test:mlc -- --lib FILE --weights URL [--prompt TEXT] [--max-tokens N]

  --lib      a model library (.wasm) compiled for the version of @mlc-ai/web-llm in packages/backends
  --weights  URL of the folder with mlc-chat-config.json, tokenizer and shards (a URL without /resolve/ gets /resolve/main/
             put behind it), or such a folder on this machine

Exit code 0: text came, streamed, with usage; a second answer was stopped; the model was given back; the conformance suite's rows for web-llm (test/conformance) pass on it.
`

const options = /** @type {const} */ ({
  lib: { type: 'string' },
  weights: { type: 'string' },
  prompt: { type: 'string', default: 'What is a sampan?' },
  'max-tokens': { type: 'string', default: '16' },
  help: { type: 'boolean', short: 'h', default: false },
})

/** @param {AbortSignal} signal */
async function main(signal) {
  const { values } = parseArgs({ options, allowPositionals: false })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const { lib, weights } = values
  if (lib === undefined || weights === undefined)
    throw new CommandFailure('test:mlc needs --lib and --weights (see --help)', 2)
  const say = (/** @type {string} */ line) => process.stderr.write(`${line}\n`)
  await install(say, signal)
  await build(say, { signal, only: (unit) => unit.name === '@sampan/core' })
  const base = process.env['INIT_CWD'] ?? process.cwd()
  const local = /^https?:/.test(weights) ? undefined : resolve(base, weights)
  if (local !== undefined && !statSync(local, { throwIfNoEntry: false })?.isDirectory())
    throw new CommandFailure(`--weights ${weights} is neither a URL nor a folder`, 2)
  const folders = { ...builtFolders(), ...(local === undefined ? {} : { '/weights/resolve/main/': local }) }
  const server = await startServer({ folders })
  const { browser } = await launchBrowser(`${server.origin}/terminal/`, say, signal)
  try {
    const model = local === undefined ? weights : `${server.origin}/weights/resolve/main/`
    const mlc = { id: 'test-mlc', model, modelLib: server.share(resolve(base, lib)) }
    const work = async () => {
      const page = await browser.newPage()
      await page.exposeFunction('say', (/** @type {string} */ text) => process.stdout.write(text))
      await page.goto(`${server.origin}/terminal/`)
      return page.evaluate(streamInPage, {
        core: `${server.origin}/packages/core/index.js`,
        mlc,
        prompt: values.prompt,
        maxTokens: Number(values['max-tokens']),
      })
    }
    const result = await Promise.race([work(), whenAborted(signal)])
    if ('error' in result) throw new CommandFailure(result.error)
    say(`\n${JSON.stringify(result)}`)
    if (!(result.chunks > 0 && result.stoppedAfter > 0 && result.usage)) return 1
    return await takeTable(resolve(base, lib), local ?? weights, signal)
  } finally {
    await browser.close()
    await server.close()
  }
}

/**
 * The conformance suite's rows for web-llm, on this model.
 * @param {string} lib
 * @param {string} weights
 * @param {AbortSignal} signal
 */
async function takeTable(lib, weights, signal) {
  const { passed, failed } = await runProject(
    'unit',
    { browser: browserAtHand(), signal },
    {
      files: ['test/conformance', '-t', 'web-llm'],
      env: { SAMPAN_CONFORMANCE_MLC_LIB: lib, SAMPAN_CONFORMANCE_MLC_WEIGHTS: weights },
    },
  )
  return passed > 0 && failed === 0 ? 0 : 1
}

/**
 * Runs in the page.
 * @param {{ core: string, mlc: { id: string, model: string, modelLib: string }, prompt: string, maxTokens: number }} request
 */
async function streamInPage({ core, mlc, prompt, maxTokens }) {
  const say = Reflect.get(globalThis, 'say')
  try {
    const { load } = await import(core)
    const started = performance.now()
    let rising = true
    let reached = 0
    const model = await load(
      { mlc },
      {
        download: 'allow',
        onProgress: (/** @type {{ fraction: number }} */ { fraction }) => {
          rising &&= fraction >= reached
          reached = fraction
        },
      },
    )
    const loadMs = performance.now() - started
    const request = {
      messages: [{ role: 'user', content: prompt }],
      temperature: 0,
      max_tokens: maxTokens,
      stream: true,
    }
    const asked = performance.now()
    let firstTokenMs = 0
    let chunks = 0
    let usage
    let finishReason
    for await (const chunk of await model.chat.completions.create({
      ...request,
      stream_options: { include_usage: true },
    })) {
      const text = chunk.choices[0]?.delta.content
      if (text) {
        firstTokenMs ||= performance.now() - asked
        chunks++
        await say(text)
      }
      finishReason = chunk.choices[0]?.finish_reason ?? finishReason
      usage = chunk.usage ?? usage
    }
    let stoppedAfter = 0
    for await (const chunk of await model.chat.completions.create(request)) {
      if (!chunk.choices[0]?.delta.content) continue
      stoppedAfter++
      break
    }
    const { info } = model
    await model.dispose()
    return { loadMs, rising, firstTokenMs, chunks, usage, finishReason, stoppedAfter, info }
  } catch (error) {
    return { error: `${Reflect.get(Object(error), 'code') ?? ''} ${error}` }
  }
}

const signal = interruptSignal()
try {
  process.exit(await main(signal))
} catch (error) {
  if (signal.aborted) process.exit(exitCodeOf(signal))
  process.stderr.write(`error: ${oneLine(error)}\n`)
  process.exit(2)
}
