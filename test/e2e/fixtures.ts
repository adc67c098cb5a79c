import { fileURLToPath } from 'node:url'
import { test as base, expect, type Page } from 'playwright/test'
import { builtFolders } from '../tooling/serve/demos.mjs'
import { startServer } from '../tooling/serve/server.mjs'
import { type FaultServer, startFaultServer } from './fault-server.ts'

export const tinyModel = fileURLToPath(new URL('../fixtures/tiny.gguf', import.meta.url))
/** The same weights as safetensors in float16, with the files that the hub has beside them. */
export const tinyFolder = fileURLToPath(new URL('../fixtures/tiny', import.meta.url))
export const tinyReference = fileURLToPath(new URL('../fixtures/tiny.reference.json', import.meta.url))

interface Servers {
  /** Origin of the built demos and packages. */
  readonly origin: string
  /** The tiny model behind another origin, well served and ill served. */
  readonly models: FaultServer
}

/** A page, with the servers that it needs. */
export const test = base.extend<object, Servers>({
  origin: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern.
    async ({}, use) => {
      const server = await startServer({ folders: builtFolders(), home: '/chat/' })
      await use(server.origin)
      await server.close()
    },
    { scope: 'worker' },
  ],
  models: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern.
    async ({}, use) => {
      const server = await startFaultServer(tinyModel)
      await use(server)
      await server.close()
    },
    { scope: 'worker' },
  ],
})

export { expect }

/** The chat demo, driven as a person would. */
export class ChatDriver {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** As a visitor who saves data, so that no model is loaded unasked; computing on WebGPU though its adapter is software. */
  async open(origin: string, query = '?compute=webgpu'): Promise<void> {
    await this.page.addInitScript(() => {
      Object.defineProperty(Reflect.get(navigator, 'connection'), 'saveData', { value: true })
    })
    await this.page.goto(`${origin}/chat/${query}`)
  }

  /** As a visitor who comes for the first time: Pocket loads by itself. */
  async visit(origin: string, query = ''): Promise<void> {
    await this.page.goto(`${origin}/chat/${query}`)
    await expect(this.message).toBeVisible()
  }

  /** Clicks an example and waits until the answer is complete. */
  async tryExample(name: string): Promise<void> {
    const answers = await this.log.getByText(/tokens\/s|个词元/).count()
    await this.page.getByRole('navigation').getByRole('button', { name, exact: true }).click()
    await expect(this.log.getByText(/tokens\/s|个词元/)).toHaveCount(answers + 1)
    await expect(this.log).toHaveAttribute('aria-busy', 'false')
  }

  /** Names an address and waits for nothing. */
  async name(address: string): Promise<void> {
    await this.address.fill(address)
    await this.page.getByRole('button', { name: 'Load', exact: true }).click()
  }

  /** Names an address, agrees to the download where one is needed, and waits until the model is there. */
  async load(address: string): Promise<void> {
    await this.name(address)
    await expect(this.download.or(this.message)).toBeVisible()
    if (await this.download.isVisible()) await this.download.click()
    await expect(this.message).toBeVisible()
  }

  get download() {
    return this.page.getByRole('button', { name: /^(Download|下载) ?[\d.]+ MB$/ })
  }

  get address() {
    return this.page.getByRole('textbox', { name: 'URL or Hugging Face repository', exact: true })
  }

  get message() {
    return this.page.getByRole('textbox', { name: /^(Message|消息)$/ })
  }

  get log() {
    return this.page.getByRole('log', { name: /^(Conversation|对话)$/ })
  }

  get lastAnswer() {
    return this.log.getByRole('article').last()
  }

  async send(text: string): Promise<void> {
    await this.message.fill(text)
    await this.message.press('Enter')
  }

  /** Stops the answer to come as soon as it says `text`: from within the page, since the model talks faster than tests look. */
  async stopAt(text: string, how: 'button' | 'Escape'): Promise<void> {
    await this.log.evaluate(
      (log, { text, how }) => {
        const observer = new MutationObserver(() => {
          if (!log.textContent.includes(text)) return
          observer.disconnect()
          const stop = document.querySelector('button[aria-label=Stop]')
          if (how === 'button' && stop instanceof HTMLElement) stop.click()
          else document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))
        })
        observer.observe(log, { subtree: true, childList: true, characterData: true })
      },
      { text, how },
    )
  }

  /** Sends, and waits until the answer is complete. */
  async ask(text: string): Promise<void> {
    await this.send(text)
    await expect(this.lastAnswer).toContainText('tokens/s')
    await expect(this.log).toHaveAttribute('aria-busy', 'false')
  }
}
