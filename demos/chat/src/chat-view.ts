import type { AnswerDelta, ChatMessage, FunctionTool, Model } from '@sampan/core'
import type { Figures } from './ask.ts'
import { askWithRoom } from './ask-with-room.ts'
import { Composer } from './composer.ts'
import { ConversationView } from './conversation-view.ts'
import { element } from './element.ts'
import { ExampleChips } from './example-chips.ts'
import { explainFailure, type Failure, failureOf } from './failure.ts'
import { formatFigure } from './figure-format.ts'
import { pocketSize } from './pocket-card.ts'
import { type Example, examplesIn } from './pocket-examples.ts'
import { runPlace } from './run-place.ts'
import { mayHaveAdapters, sailorSwitch } from './sailor.ts'
import type { Settings } from './settings.ts'
import type { Source } from './source.ts'
import { type Strings, stringsOf } from './strings.ts'

export interface ChatContext {
  settings(): Settings
  /** Read out to those who do not see. */
  announce(text: string): void
  showModel(): void
  badge(model: Model): HTMLElement
}

/** A conversation with a model that is loaded. */
export class ChatView {
  readonly #context: ChatContext
  readonly #conversation: ConversationView
  readonly #composer: Composer
  readonly #recovery = element('p', { class: 'hint', role: 'status' })
  readonly #switchFailure = element('div', { class: 'failure', role: 'alert' })
  #loaded: { readonly model: Model; readonly source: Source } | undefined
  #chips: ExampleChips | undefined
  #history: ChatMessage[] = []
  /** Of the topic that an example began. */
  #tools: readonly FunctionTool[] = []
  /** Tokens of the last prompt and its answer. */
  #usedTokens = 0
  #answering: AbortController | undefined

  constructor(context: ChatContext) {
    this.#context = context
    this.#conversation = new ConversationView(this.#strings)
    this.#composer = new Composer(this.#strings, {
      onSend: (text) => void this.#send(text),
      onStop: () => this.stop(),
    })
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.isComposing && !document.querySelector('dialog[open]')) this.stop()
    })
  }

  get #strings(): Strings {
    return stringsOf(this.#context.settings().language)
  }

  get roots(): readonly HTMLElement[] {
    return [this.#conversation.root, this.#composer.root]
  }

  applyLanguage(): void {
    this.#conversation.setStrings(this.#strings)
    this.#composer.setStrings(this.#strings)
    if (this.#loaded) this.#invite()
  }

  begin(model: Model, source: Source): void {
    this.#loaded = { model, source }
    this.newChat()
  }

  /** The model is no more. */
  end(): void {
    this.stop()
    this.#recovery.remove()
    this.#switchFailure.remove()
    this.#loaded = undefined
  }

  stop(): void {
    this.#answering?.abort()
  }

  newChat(): void {
    this.stop()
    this.#forget()
    this.#conversation.clear()
    this.#invite()
    this.#composer.invite()
  }

  /** The GPU was lost, and answers wait until it is there again. */
  setRecovering(recovering: boolean): void {
    this.#recovery.textContent = this.#strings.recovering
    if (recovering) this.#composer.root.before(this.#recovery)
    else this.#recovery.remove()
  }

  #invite(): void {
    this.#chips?.root.remove()
    this.#chips = undefined
    if (this.#loaded?.source.kind !== 'pocket') {
      this.#conversation.invite()
      return
    }
    const strings = this.#strings
    const { language } = this.#context.settings()
    const link = (label: string): HTMLElement => {
      const button = element('button', { type: 'button', class: 'link' }, [label])
      button.addEventListener('click', () => this.#context.showModel())
      return button
    }
    const slow = runPlace(this.#loaded.model.info) !== 'webgpu'
    const { model } = this.#loaded
    const sailor = mayHaveAdapters(model) ? this.#sailorSwitch(model) : undefined
    const chips = new ExampleChips(strings, examplesIn(language), (example) => void this.#try(example), sailor)
    chips.setBusy(this.#answering !== undefined)
    this.#chips = chips
    this.#conversation.invite(
      element('h1', {}, [strings.pocketTitle(pocketSize(strings, language))]),
      element('p', { class: 'hint' }, [strings.pocketHere]),
      ...(slow ? [element('p', { class: 'hint' }, [strings.onProcessor, link(strings.why)])] : []),
      link(strings.aboutPocketLink),
      element('p', { class: 'invitation' }, [strings.tryThese]),
      chips.root,
    )
    this.#placeChips()
  }

  #sailorSwitch(model: Model): HTMLElement {
    return sailorSwitch(this.#strings, model, {
      onSwitched: (on) => {
        this.#switchFailure.remove()
        const { sailor } = this.#strings
        this.#context.announce(on ? sailor.on : sailor.off)
        // So small a model would go on as it began.
        if (this.#history.length === 0) return
        this.#forget()
        this.#conversation.addBreak()
      },
      onFailure: (error) => {
        // It may be gone meanwhile.
        if (this.#loaded?.model !== model) return
        this.#switchFailure.replaceChildren(...explainFailure(this.#strings, failureOf(error)))
        this.#composer.root.before(this.#switchFailure)
      },
    })
  }

  /** In the middle before a conversation begins, beside the field afterwards. */
  #placeChips(): void {
    const chips = this.#chips?.root
    if (chips && !this.#conversation.isEmpty) this.#composer.root.before(chips)
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
    const model = this.#loaded?.model
    if (!model || this.#answering) return
    const controller = new AbortController()
    this.#answering = controller
    this.#composer.setBusy(true)
    this.#context.announce('')
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
      slot.finish(figures.finish !== 'length', [this.#context.badge(model), ...silent, note])
      const called = figures.finish === 'tool_calls'
      this.#context.announce(called ? this.#strings.waitsForTool : this.#strings.answerComplete)
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

  /** So small a model as Pocket wanders where chance has a say. */
  #answerSettings(): Settings {
    const settings = this.#context.settings()
    const likeliest = this.#loaded?.source.kind === 'pocket' && settings.temperature === 'model'
    return likeliest ? { ...settings, temperature: 0 } : settings
  }

  #note(figures: Figures, contextLength: number, forgot: boolean): string {
    const strings = this.#strings
    const { language } = this.#context.settings()
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
    again.addEventListener('click', () => this.newChat())
    alert.append(element('p', {}, [strings.conversationFull]), again)
    return alert
  }
}
