import { builtFolders } from '../serve/demos.mjs'
import { startServer } from '../serve/server.mjs'
import { CommandFailure } from '../setup/failure.mjs'
import { launchBrowser } from '../setup/launch.mjs'
import { modelSource } from './model-argument.mjs'
import { progressDisplay } from './progress.mjs'

/**
 * @typedef {object} AnswerRequest
 * @property {string} model
 * @property {string} prompt
 * @property {string | undefined} system
 * @property {number} maxTokens
 * @property {number} temperature
 * @property {number | undefined} seed
 * @property {4 | 8 | 16 | 'source' | undefined} bits
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
    const source = modelSource(request.model, server.share)
    const launched = await launchBrowser(`${server.origin}/terminal/`, say, signal)
    browser = launched.browser
    if (launched.software) say('no GPU was found: running on SwiftShader, a software adapter (slow)')
    signal.throwIfAborted()
    await runInPage(browser, `${server.origin}/terminal/`, source, request, signal)
  } finally {
    await browser?.close().catch(() => undefined)
    await server.close()
  }
}

/**
 * @param {import('playwright').Browser} browser
 * @param {string} url
 * @param {string} source
 * @param {AnswerRequest} request
 * @param {AbortSignal} signal
 */
async function runInPage(browser, url, source, request, signal) {
  const page = await browser.newPage()
  const display = progressDisplay(process.stderr)
  const answerStream = request.json ? process.stderr : process.stdout
  let text = ''
  await page.exposeFunction('sampanReport', (/** @type {any} */ event) => {
    if (event.kind === 'progress') display.update(event.progress)
    else if (event.kind === 'loaded') display.end()
    else {
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
    browser.once('disconnected', () => reject(new CommandFailure('the browser ended unexpectedly')))
    signal.addEventListener('abort', () => reject(signal.reason))
  })
  // Without a listener of its own a rejection after the answer would end the process.
  crashed.catch(() => undefined)
  const messages = [
    ...(request.system === undefined ? [] : [{ role: 'system', content: request.system }]),
    { role: 'user', content: request.prompt },
  ]
  const { maxTokens, temperature, seed, bits } = request
  const work = async () => {
    await page.goto(url)
    await page.waitForFunction('globalThis.sampanRun', undefined, { timeout: 30_000 }).catch(() => {
      throw new CommandFailure(`the page did not start: ${pageErrors[0] ?? 'no reason given'}`)
    })
    return page.evaluate((plain) => Reflect.get(globalThis, 'sampanRun')(plain), {
      source,
      messages,
      maxTokens,
      temperature,
      ...(seed === undefined ? {} : { seed }),
      ...(bits === undefined ? {} : { bits }),
    })
  }
  const result = await Promise.race([work(), crashed])
  display.end()
  if (!result.ok) {
    // The page knows a local file only by the address it is served under.
    const message = result.message.replaceAll(source, request.model)
    throw new CommandFailure(`${message}${result.code ? ` (${result.code})` : ''}`)
  }
  if (text !== '' && !text.endsWith('\n')) answerStream.write('\n')
  const { adapter, loadMs, ttftMs, tokens, tokensPerSecond, finishReason } = result.figures
  if (request.json) {
    const line = { text, adapter, loadMs, ttftMs, tokens, tokensPerSecond, finishReason }
    process.stdout.write(`${JSON.stringify(line)}\n`)
    return
  }
  const seconds = (/** @type {number} */ ms) => `${(ms / 1000).toFixed(2)} s`
  process.stderr.write(
    `\n${adapter} · load ${seconds(loadMs)} · first token ${seconds(ttftMs)} · ${tokens} tokens · ${tokensPerSecond.toFixed(2)} tokens/s\n`,
  )
}
