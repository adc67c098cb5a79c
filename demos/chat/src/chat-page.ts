import { type ChatMessage, load, type Model, SampanError } from '@sampan/core'
import { ask } from './ask.ts'
import { Composer } from './composer.ts'
import { ConversationView } from './conversation-view.ts'
import { element, icons } from './element.ts'
import { LoadView } from './load-view.ts'
import { acceptDrops } from './model-picker.ts'
import { keepSettings, type Settings } from './settings.ts'
import { settingsDialog } from './settings-dialog.ts'
import { type KeptSource, keepSource, loadable, readKeptSource, reopen, type Source } from './source.ts'
import { startView } from './start-view.ts'
import { type Strings, stringsOf } from './strings.ts'
import type { WebGpuState } from './webgpu-check.ts'

/** The whole page: start → loading → chat, and back. */
export class ChatPage {
  #settings: Settings
  #kept: KeptSource | undefined
  #model: Model | undefined
  #modelName = ''
  #failure: string | undefined
  #history: ChatMessage[] = []
  #loading: AbortController | undefined
  #answering: AbortController | undefined
  readonly #gpu: WebGpuState
  readonly #header = element('header', { class: 'top' })
  readonly #main = element('main')
  readonly #status = element('p', { class: 'hidden', role: 'status' })
  readonly #conversation: ConversationView
  readonly #composer: Composer

  constructor(settings: Settings, kept: KeptSource | undefined, gpu: WebGpuState) {
    this.#settings = settings
    this.#kept = kept
    this.#gpu = gpu
    this.#conversation = new ConversationView(this.#strings)
    this.#composer = new Composer(this.#strings, {
      onSend: (text) => void this.#send(text),
      onStop: () => this.#answering?.abort(),
    })
    document.body.append(this.#header, this.#main, this.#status)
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.isComposing && !document.querySelector('dialog[open]'))
        this.#answering?.abort()
    })
    acceptDrops(document.body, () => this.#strings, {
      onPick: (source) => void this.#load(source),
      onFailure: (message) => this.#fail(message),
    })
    this.#applyLanguage()
  }

  get #strings(): Strings {
    return stringsOf(this.#settings.language)
  }

  #applyLanguage(): void {
    document.documentElement.lang = this.#settings.language
    this.#conversation.setStrings(this.#strings)
    this.#composer.setStrings(this.#strings)
    this.#drawHeader()
    if (this.#model) return
    if (!this.#loading) this.#showStart()
  }

  #drawHeader(): void {
    const strings = this.#strings
    const button = (label: string, icon: SVGElement, action: () => void): HTMLButtonElement => {
      const node = element('button', { type: 'button', class: 'quiet round', 'aria-label': label, title: label }, [
        icon,
      ])
      node.addEventListener('click', action)
      return node
    }
    const name = element('p', { class: 'model-name', dir: 'auto' }, [this.#model ? this.#modelName : ''])
    const adapter = this.#model?.info.adapter
    if (adapter) name.title = `${adapter.description || adapter.vendor} · ${this.#model?.info.architecture ?? ''}`
    const actions = this.#model
      ? [
          button(strings.newChat, icons.plus(), () => this.#newChat()),
          button(strings.loadAnother, icons.swap(), () => void this.#unload()),
        ]
      : []
    const mark = element('div', { class: 'mark' }, [icons.boat()])
    const settings = button(strings.settings, icons.sliders(), () => this.#openSettings())
    this.#header.replaceChildren(mark, name, element('nav', {}, [...actions, settings]))
  }

  #openSettings(): void {
    const dialog = settingsDialog(this.#strings, this.#settings, (settings) => {
      const languageChanged = settings.language !== this.#settings.language
      this.#settings = settings
      void keepSettings(settings)
      if (!languageChanged) return
      this.#applyLanguage()
      dialog.close()
      this.#openSettings()
    })
    dialog.addEventListener('close', () => dialog.remove())
    document.body.append(dialog)
    dialog.showModal()
  }

  #showStart(): void {
    const view = startView(this.#strings, this.#gpu, this.#kept, this.#failure, {
      onPick: (source) => void this.#load(source),
      onFailure: (message) => this.#fail(message),
      onResume: (kept) => void this.#resume(kept),
    })
    this.#main.replaceChildren(view)
  }

  #fail(message: string): void {
    this.#failure = message
    this.#showStart()
  }

  async #resume(kept: KeptSource): Promise<void> {
    const source = await reopen(kept)
    if (source === 'denied') this.#fail(this.#strings.permissionDenied)
    else await this.#load(source)
  }

  async #load(source: Source): Promise<void> {
    if (this.#loading || this.#gpu.kind === 'insecure') return
    const controller = new AbortController()
    this.#loading = controller
    this.#failure = undefined
    await this.#dispose()
    const view = new LoadView(this.#strings, this.#settings.language, source.name, () => controller.abort())
    this.#drawHeader()
    this.#main.replaceChildren(view.root)
    try {
      this.#model = await load(loadable(source), {
        bits: this.#settings.bits,
        signal: controller.signal,
        onProgress: (progress) => view.update(progress),
        onLost: (error) => void this.#lost(error),
      })
      this.#modelName = source.name
      this.#loading = undefined
      this.#showChat()
      await keepSource(source)
      this.#kept = await readKeptSource()
    } catch (error) {
      this.#loading = undefined
      if (!controller.signal.aborted) this.#failure = messageOf(error)
      this.#showStart()
    }
  }

  #showChat(): void {
    this.#drawHeader()
    this.#newChat()
    this.#main.replaceChildren(this.#conversation.root, this.#composer.root)
    this.#status.textContent = this.#strings.ready(this.#modelName)
    this.#composer.focus()
  }

  #newChat(): void {
    this.#answering?.abort()
    this.#history = []
    this.#conversation.clear()
    this.#composer.focus()
  }

  async #send(text: string): Promise<void> {
    const model = this.#model
    if (!model || this.#answering) return
    const controller = new AbortController()
    this.#answering = controller
    this.#composer.setBusy(true)
    this.#status.textContent = ''
    const history: ChatMessage[] = [...this.#history, { role: 'user', content: text }]
    this.#history = history
    this.#conversation.addUser(text)
    const slot = this.#conversation.addAnswer()
    const strings = this.#strings
    try {
      const figures = await ask(model, history, this.#settings, controller.signal, (part) => slot.push(part))
      controller.signal.throwIfAborted()
      const number = new Intl.NumberFormat(this.#settings.language, { maximumFractionDigits: 2 })
      const { tokensPerSecond, firstTokenMs, tokens, cutShort } = figures
      const line = strings.figures(number.format(tokensPerSecond), number.format(firstTokenMs / 1000), tokens)
      slot.finish(cutShort ? `${line} · ${strings.lengthReached}` : line)
      this.#status.textContent = strings.answerComplete
    } catch (error) {
      if (controller.signal.aborted) slot.finish(strings.stopped)
      else slot.finish('', `${strings.answerFailed}: ${messageOf(error)}`)
    }
    // A chat begun anew meanwhile has a history of its own; a question that got no answer is not asked again with the next.
    if (this.#history === history) {
      const answer = slot.text()
      this.#history = answer === '' ? history.slice(0, -1) : [...history, { role: 'assistant', content: answer }]
    }
    this.#answering = undefined
    this.#composer.setBusy(false)
    this.#composer.focus()
  }

  async #lost(error: SampanError): Promise<void> {
    await this.#dispose()
    this.#drawHeader()
    this.#fail(error.message)
  }

  async #unload(): Promise<void> {
    await this.#dispose()
    this.#drawHeader()
    this.#showStart()
  }

  async #dispose(): Promise<void> {
    this.#answering?.abort()
    const model = this.#model
    this.#model = undefined
    await model?.dispose().catch(() => undefined)
  }
}

function messageOf(error: unknown): string {
  if (SampanError.isInstance(error)) return error.message
  return error instanceof Error ? error.message : String(error)
}
