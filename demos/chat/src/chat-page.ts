import { type AnswerDelta, type ChatMessage, type FunctionTool, load, type Model, type SampanError } from '@sampan/core'
import type { Figures } from './ask.ts'
import { askWithRoom } from './ask-with-room.ts'
import { Composer } from './composer.ts'
import { ConversationView } from './conversation-view.ts'
import { element, icons } from './element.ts'
import { ExampleChips } from './example-chips.ts'
import { explainFailure, type Failure, failureInOwnWords, failureOf } from './failure.ts'
import { formatFigure } from './figure-format.ts'
import { LoadView } from './load-view.ts'
import { modelDialog } from './model-dialog.ts'
import { acceptDrops } from './model-picker.ts'
import { savesData } from './network-cost.ts'
import { pocketCard, pocketSize } from './pocket-card.ts'
import { type Example, examplesIn } from './pocket-examples.ts'
import { explainPlace, runPlace } from './run-place.ts'
import { keepSettings, type Settings } from './settings.ts'
import { settingsDialog } from './settings-dialog.ts'
import {
  backendFor,
  type KeptSource,
  keepSource,
  loadable,
  pocketSource,
  readKeptSource,
  reopen,
  type Source,
} from './source.ts'
import { startView } from './start-view.ts'
import { type Strings, stringsOf } from './strings.ts'
import type { WebGpuState } from './webgpu-check.ts'

/** The whole page: start → loading → chat, and back. */
export class ChatPage {
  #settings: Settings
  #kept: KeptSource | undefined
  #model: Model | undefined
  #source: Source = pocketSource
  #chips: ExampleChips | undefined
  #failure: Failure | undefined
  /** What was typed and not loaded. */
  #address = ''
  #history: ChatMessage[] = []
  /** Of the topic that an example began. */
  #tools: readonly FunctionTool[] = []
  /** Tokens of the last prompt and its answer. */
  #usedTokens = 0
  #loading: AbortController | undefined
  #answering: AbortController | undefined
  readonly #gpu: WebGpuState
  readonly #header = element('header', { class: 'top' })
  readonly #main = element('main')
  readonly #status = element('p', { class: 'hidden', role: 'status' })
  readonly #recovery = element('p', { class: 'hint', role: 'status' })
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
    if (!kept && !savesData()) void this.#load(pocketSource)
  }

  get #strings(): Strings {
    return stringsOf(this.#settings.language)
  }

  #applyLanguage(): void {
    document.documentElement.lang = this.#settings.language
    this.#conversation.setStrings(this.#strings)
    this.#composer.setStrings(this.#strings)
    this.#drawHeader()
    if (this.#model) this.#drawChat()
    else if (!this.#loading) this.#showStart()
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
    const name = this.#model ? this.#modelButton(this.#model) : element('p', { class: 'model-name' })
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

  /** Name and badge: opens what is known of the model, and why it runs where it does. */
  #modelButton(model: Model): HTMLElement {
    const badge = this.#badge(model)
    const label = this.#strings.aboutModel(this.#source.name, badge.textContent ?? '')
    const name = element('span', { class: 'name', dir: 'auto' }, [this.#source.name])
    const button = element('button', { type: 'button', class: 'model-name', 'aria-label': label }, [name, badge])
    button.addEventListener('click', () => this.#openModelDialog(model))
    return button
  }

  #badge(model: Model): HTMLElement {
    const place = runPlace(model.info)
    return element('span', { class: `badge on-${place}` }, [this.#strings.badges[place]])
  }

  #openModelDialog(model: Model): void {
    const strings = this.#strings
    const place = explainPlace(runPlace(model.info), this.#gpu, navigator.userAgent, strings)
    const about = this.#source.kind === 'pocket' ? pocketCard(strings, this.#settings.language) : []
    const content = { title: this.#source.name, place, badge: this.#badge(model), about }
    const dialog = modelDialog(strings, content, () => void this.#unload())
    dialog.addEventListener('close', () => dialog.remove())
    document.body.append(dialog)
    dialog.showModal()
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
    const view = startView(this.#strings, this.#settings.language, state, {
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
    // What is asked for last is what is wanted: a file may be dropped while Pocket loads unasked.
    this.#loading?.abort()
    const controller = new AbortController()
    this.#loading = controller
    this.#failure = undefined
    this.#address = source.kind === 'address' ? source.address : ''
    await this.#dispose()
    if (this.#loading !== controller) return
    const view = new LoadView(this.#strings, this.#settings.language, this.#loadTitle(source), () => controller.abort())
    this.#drawHeader()
    this.#main.replaceChildren(view.root)
    try {
      const model = await load(loadable(source), {
        bits: this.#settings.bits,
        backend: backendFor(source, this.#settings.compute),
        signal: controller.signal,
        onProgress: (progress) => view.update(progress),
        onLost: (error, { recovering }) => (recovering ? this.#showRecovery() : void this.#lost(error)),
        onRecovered: () => this.#recovery.remove(),
      })
      if (this.#loading !== controller) return void model.dispose().catch(() => undefined)
      this.#model = model
      this.#source = source
      this.#loading = undefined
      this.#address = ''
      this.#showChat()
      await keepSource(source)
      this.#kept = await readKeptSource()
    } catch (error) {
      if (this.#loading !== controller) return
      this.#loading = undefined
      if (!controller.signal.aborted) this.#failure = failureOf(error)
      this.#showStartAgain()
    }
  }

  #loadTitle(source: Source): { readonly title: string; readonly hint: string } {
    const strings = this.#strings
    if (source.kind !== 'pocket') return { title: strings.loading(source.name), hint: '' }
    const title = strings.loading(strings.pocketTitle(pocketSize(strings, this.#settings.language)))
    return { title, hint: strings.pocketHere }
  }

  #showChat(): void {
    this.#drawHeader()
    this.#newChat()
    this.#status.textContent = this.#strings.ready(this.#source.name)
    this.#composer.invite()
  }

  #drawChat(): void {
    this.#chips = undefined
    this.#main.replaceChildren(this.#conversation.root, this.#composer.root)
    const model = this.#model
    if (this.#source.kind !== 'pocket' || !model) {
      this.#conversation.invite()
      return
    }
    const strings = this.#strings
    const link = (label: string): HTMLElement => {
      const button = element('button', { type: 'button', class: 'link' }, [label])
      button.addEventListener('click', () => this.#openModelDialog(model))
      return button
    }
    const slow = runPlace(model.info) !== 'webgpu'
    const chips = new ExampleChips(strings, examplesIn(this.#settings.language), (example) => void this.#try(example))
    chips.setBusy(this.#answering !== undefined)
    this.#chips = chips
    this.#conversation.invite(
      element('h1', {}, [strings.pocketTitle(pocketSize(strings, this.#settings.language))]),
      element('p', { class: 'hint' }, [strings.pocketHere]),
      ...(slow ? [element('p', { class: 'hint' }, [strings.onProcessor, link(strings.why)])] : []),
      link(strings.aboutPocketLink),
      element('p', { class: 'invitation' }, [strings.tryThese]),
      chips.root,
    )
    this.#placeChips()
  }

  /** In the middle before a conversation begins, beside the field afterwards. */
  #placeChips(): void {
    const chips = this.#chips?.root
    if (chips && !this.#conversation.isEmpty) this.#composer.root.before(chips)
  }

  #newChat(): void {
    this.#answering?.abort()
    this.#forget()
    this.#conversation.clear()
    if (this.#model) this.#drawChat()
    this.#composer.invite()
  }

  #forget(): void {
    this.#history = []
    this.#tools = []
    this.#usedTokens = 0
  }

  async #try({ prompt, tools = [], fresh }: Example): Promise<void> {
    if (this.#answering) return
    // So small a model would call a tool for whatever comes next.
    if (fresh || this.#tools.length > 0) {
      this.#forget()
      this.#conversation.addBreak()
    }
    this.#tools = tools
    // The chip that was clicked can have the focus no longer.
    this.#composer.invite()
    await this.#send(prompt)
  }

  async #send(text: string): Promise<void> {
    const model = this.#model
    if (!model || this.#answering) return
    const controller = new AbortController()
    this.#answering = controller
    this.#composer.setBusy(true)
    this.#status.textContent = ''
    this.#chips?.setBusy(true)
    const history: ChatMessage[] = [...this.#history, { role: 'user', content: text }]
    this.#history = history
    this.#conversation.addUser(text)
    this.#placeChips()
    const slot = this.#conversation.addAnswer()
    const settings = this.#answerSettings()
    let asked: readonly ChatMessage[] = history
    try {
      const question = { messages: history, tools: this.#tools }
      const onDelta = (delta: AnswerDelta): void => slot.push(delta)
      const answered = await askWithRoom(model, question, this.#usedTokens, settings, controller.signal, onDelta)
      controller.signal.throwIfAborted()
      const { figures } = answered
      asked = answered.asked
      this.#usedTokens = figures.contextTokens
      const note = this.#note(figures, model.info.contextLength, asked.length < history.length)
      const silent = slot.isBlank() ? [`${this.#strings.noAnswer} · `] : []
      slot.finish(figures.finish !== 'length', [this.#badge(model), ...silent, note])
      const called = figures.finish === 'tool_calls'
      this.#status.textContent = called ? this.#strings.waitsForTool : this.#strings.answerComplete
    } catch (error) {
      if (controller.signal.aborted) slot.finish(false, [this.#strings.stopped])
      else slot.finish(false, [], this.#answerFailure(failureOf(error)))
    }
    // A chat begun anew meanwhile has a history of its own; a question that got no answer is not asked again with the next.
    if (this.#history === history) {
      const said = slot.said()
      this.#history = said.length === 0 ? asked.slice(0, -1) : [...asked, ...said]
    }
    this.#answering = undefined
    this.#composer.setBusy(false)
    this.#chips?.setBusy(false)
    this.#composer.invite()
  }

  /** So small a model wanders where chance has a say. */
  #answerSettings(): Settings {
    const likeliest = this.#source.kind === 'pocket' && this.#settings.temperature === 'model'
    return likeliest ? { ...this.#settings, temperature: 0 } : this.#settings
  }

  #note(figures: Figures, contextLength: number, forgot: boolean): string {
    const strings = this.#strings
    const { language } = this.#settings
    const speed = formatFigure(figures.tokensPerSecond, language)
    const full = figures.contextTokens >= contextLength
    return [
      strings.figures(speed, formatFigure(figures.firstTokenMs / 1000, language), figures.tokens),
      ...(figures.finish === 'length' ? [full ? strings.contextReached : strings.lengthReached] : []),
      ...(forgot ? [strings.forgot] : []),
    ].join(' · ')
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

  #showRecovery(): void {
    this.#recovery.textContent = this.#strings.recovering
    this.#composer.root.before(this.#recovery)
  }

  async #lost(error: SampanError): Promise<void> {
    await this.#dispose()
    this.#drawHeader()
    this.#fail({ ...failureOf(error), lost: true })
  }

  async #unload(): Promise<void> {
    await this.#dispose()
    this.#drawHeader()
    this.#showStartAgain()
  }

  async #dispose(): Promise<void> {
    this.#answering?.abort()
    this.#recovery.remove()
    const model = this.#model
    this.#model = undefined
    await model?.dispose().catch(() => undefined)
  }
}
