import { builtFolders } from '../serve/demos.mjs'
import { startServer } from '../serve/server.mjs'
import { CommandFailure } from '../setup/failure.mjs'
import { launchBrowser } from '../setup/launch.mjs'
import { whenAborted } from './interrupt.mjs'
import { inOwnWords, modelSource } from './model-argument.mjs'
import { progressDisplay } from './progress.mjs'
import { thoughtDisplay } from './thoughts.mjs'

/**
 * @typedef {object} AnswerRequest
 * @property {string} model
 * @property {string} prompt
 * @property {string | undefined} system
 * @property {number} maxTokens
 * @property {number} temperature
 * @property {number | undefined} seed
 * @property {4 | 8 | 16 | 'source' | undefined} bits
 * @property {string | undefined} backend
 * @property {'enabled' | 'disabled' | undefined} thinking
 * @property {boolean} json
 */

/**
 * Loads a model in headless Chromium and streams its answer to this terminal.
 * @param {AnswerRequest} request
 * @param {(line: string) => void} say
 * @param {AbortSignal} signal
 */
export async function answerInTerminal(request, say, signal) {
  const server = await startServer({ folders: builtFolders() })
  /** @type {import('playwright').Browser | undefined} */
  let browser
  try {
    const model = modelSource(request.model, server.share)
    const launched = await launchBrowser(`${server.origin}/terminal/`, say, signal)
    browser = launched.browser
    if (launched.software && request.backend !== 'wllama')
      say('no GPU was found: running on SwiftShader, a software adapter (slow)')
    signal.throwIfAborted()
    const ended = endOf(browser, signal)
    await Promise.race([runInPage(browser, `${server.origin}/terminal/`, model, request, ended), ended])
  } finally {
    await browser?.close().catch(() => undefined)
    await server.close()
  }
}

/**
 * Rejects when there is no more to wait for: on Ctrl-C, and when the browser dies.
 * @param {import('playwright').Browser} browser
 * @param {AbortSignal} signal
 * @returns {Promise<never>}
 */
function endOf(browser, signal) {
  /** @type {Promise<never>} */
  const died = new Promise((_, reject) => {
    browser.once('disconnected', () => reject(new CommandFailure('the browser ended unexpectedly')))
  })
  // Both outlive the answer, and nobody waits for them then.
  died.catch(() => undefined)
  return Promise.race([whenAborted(signal), died])
}

/**
 * @param {import('playwright').Browser} browser
 * @param {string} url
 * @param {import('./model-argument.mjs').ModelSource} model
 * @param {AnswerRequest} request
 * @param {Promise<never>} ended
 */
async function runInPage(browser, url, model, request, ended) {
  const page = await browser.newPage()
  const display = progressDisplay(process.stderr)
  const answerStream = request.json ? process.stderr : process.stdout
  const thoughts = thoughtDisplay(process.stderr, process.env)
  let text = ''
  await page.exposeFunction('sampanReport', (/** @type {any} */ event) => {
    if (event.kind === 'progress') display.update(event.progress)
    else if (event.kind === 'loaded') display.end()
    else if (event.kind === 'thought') thoughts.push(event.text)
    else {
      thoughts.end()
      text += event.text
      answerStream.write(event.text)
    }
  })
  /** @type {string[]} */
  const pageErrors = []
  page.on('pageerror', (error) => pageErrors.push(error.message))
  const crashed = new Promise((_, reject) => {
    page.once('crash', () =>
      reject(new CommandFailure('the page crashed, most likely for want of memory: try a smaller model')),
    )
  })
  // Without a listener of its own a rejection after the answer would end the process.
  crashed.catch(() => undefined)
  const messages = [
    ...(request.system === undefined ? [] : [{ role: 'system', content: request.system }]),
    { role: 'user', content: request.prompt },
  ]
  const { maxTokens, temperature, seed, bits, backend, thinking } = request
  const work = async () => {
    await page.goto(url)
    await page.waitForFunction('globalThis.sampanRun', undefined, { timeout: 30_000 }).catch(() => {
      throw new CommandFailure(`the page did not start: ${pageErrors[0] ?? 'no reason given'}`)
    })
    return page.evaluate((plain) => Reflect.get(globalThis, 'sampanRun')(plain), {
      source: model.source,
      messages,
      maxTokens,
      temperature,
      ...(seed === undefined ? {} : { seed }),
      ...(bits === undefined ? {} : { bits }),
      ...(backend === undefined ? {} : { backend }),
      ...(thinking === undefined ? {} : { thinking }),
    })
  }
  const result = await Promise.race([work(), crashed, ended])
  display.end()
  thoughts.end()
  if (!result.ok) {
    throw new CommandFailure(`${inOwnWords(result.message, model)}${result.code ? ` (${result.code})` : ''}`)
  }
  if (text !== '' && !text.endsWith('\n')) answerStream.write('\n')
  const { adapter, loadMs, ttftMs, tokens, tokensPerSecond, finishReason } = result.figures
  if (request.json) {
    const line = { text, thoughts: thoughts.text, adapter, loadMs, ttftMs, tokens, tokensPerSecond, finishReason }
    process.stdout.write(`${JSON.stringify(line)}\n`)
    return
  }
  const seconds = (/** @type {number} */ ms) => `${(ms / 1000).toFixed(2)} s`
  const cut = finishReason !== 'length' ? '' : tokens < maxTokens ? ' · the context is full' : ' · cut by --max-tokens'
  process.stderr.write(
    `\n${adapter} · load ${seconds(loadMs)} · first token ${seconds(ttftMs)} · ${tokens} tokens · ${tokensPerSecond.toFixed(2)} tokens/s${cut}\n`,
  )
}
