import { type ChatMessage, load, type Model, type SampanError } from '@sampan/core'
import { ask } from './ask.ts'
import { Composer } from './composer.ts'
import { ConversationView } from './conversation-view.ts'
import { element, icons } from './element.ts'
import { explainFailure, type Failure, failureInOwnWords, failureOf } from './failure.ts'
import { formatFigure } from './figure-format.ts'
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
  #failure: Failure | undefined
  /** What was typed and not loaded. */
  #address = ''
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
      onFailure: (failure) => this.#fail(failure),
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
    const typed = this.#main.querySelector<HTMLInputElement>('input[name=address]')?.value ?? this.#address
    const state = { gpu: this.#gpu, kept: this.#kept, failure: this.#failure, address: typed }
    const view = startView(this.#strings, state, {
      onPick: (source) => void this.#load(source),
      onFailure: (failure) => this.#fail(failure),
      onResume: (kept) => void this.#resume(kept),
    })
    this.#main.replaceChildren(view)
  }

  /** After something did not work: whoever uses a keyboard or a screen reader goes on where the page does. */
  #showStartAgain(): void {
    this.#showStart()
    const next = this.#failure ? '[role=alert]' : this.#address === '' ? 'button' : 'input[name=address]'
    this.#main.querySelector<HTMLElement>(next)?.focus()
  }

  #fail(failure: Failure): void {
    this.#failure = failure
    this.#showStartAgain()
  }

  async #resume(kept: KeptSource): Promise<void> {
    const source = await reopen(kept)
    if (source === 'denied') this.#fail(failureInOwnWords(this.#strings.permissionDenied))
    else await this.#load(source)
  }

  async #load(source: Source): Promise<void> {
    if (this.#loading || this.#gpu.kind === 'insecure') return
    const controller = new AbortController()
    this.#loading = controller
    this.#failure = undefined
    this.#address = source.kind === 'address' ? source.address : ''
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
      this.#address = ''
      this.#showChat()
      await keepSource(source)
      this.#kept = await readKeptSource()
    } catch (error) {
      this.#loading = undefined
      if (!controller.signal.aborted) this.#failure = failureOf(error)
      this.#showStartAgain()
    }
  }

  #showChat(): void {
    this.#drawHeader()
    this.#newChat()
    this.#main.replaceChildren(this.#conversation.root, this.#composer.root)
    this.#status.textContent = this.#strings.ready(this.#modelName)
    this.#composer.invite()
  }

  #newChat(): void {
    this.#answering?.abort()
    this.#history = []
    this.#conversation.clear()
    this.#composer.invite()
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
      const { tokensPerSecond, firstTokenMs, tokens, cutShort } = figures
      const { language } = this.#settings
      const speed = formatFigure(tokensPerSecond, language)
      const line = strings.figures(speed, formatFigure(firstTokenMs / 1000, language), tokens)
      slot.finish(cutShort ? `${line} · ${strings.lengthReached}` : line)
      this.#status.textContent = strings.answerComplete
    } catch (error) {
      if (controller.signal.aborted) slot.finish(strings.stopped)
      else slot.finish('', this.#answerFailure(failureOf(error)))
    }
    // A chat begun anew meanwhile has a history of its own; a question that got no answer is not asked again with the next.
    if (this.#history === history) {
      const answer = slot.text()
      this.#history = answer === '' ? history.slice(0, -1) : [...history, { role: 'assistant', content: answer }]
    }
    this.#answering = undefined
    this.#composer.setBusy(false)
    this.#composer.invite()
  }

  #answerFailure(failure: Failure): HTMLElement {
    const strings = this.#strings
    const alert = element('div', { class: 'failure', role: 'alert', 'data-code': failure.code })
    if (failure.code !== 'context-length-exceeded') {
      alert.append(element('p', {}, [strings.answerFailed]), ...explainFailure(strings, failure))
      return alert
    }
    const again = element('button', { type: 'button', class: 'outlined' }, [strings.startNewChat])
    again.addEventListener('click', () => this.#newChat())
    alert.append(element('p', {}, [strings.conversationFull]), again)
    return alert
  }

  async #lost(error: SampanError): Promise<void> {
    await this.#dispose()
    this.#drawHeader()
    this.#fail(failureOf(error))
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
