import { canRun, type DownloadRequest, load, type Model, type SampanError } from '@sampan/core'
import { formatBytes } from './amount-format.ts'
import { ChatView } from './chat-view.ts'
import { ConsentView } from './consent-view.ts'
import { element } from './element.ts'
import { type Failure, failureInOwnWords, failureOf } from './failure.ts'
import { KeptDialog } from './kept-dialog.ts'
import { findPart } from './kept-models.ts'
import { LoadView } from './load-view.ts'
import { modelDialog } from './model-dialog.ts'
import { headerContent, placeBadge } from './model-header.ts'
import { acceptDrops, type Picker, type Typed } from './model-picker.ts'
import { savesData } from './network-cost.ts'
import { keepOffline } from './offline.ts'
import { pocketCard, pocketSize } from './pocket-card.ts'
import { provenanceCard } from './provenance-card.ts'
import { explainPlace, runPlace } from './run-place.ts'
import { keepSettings, type Settings } from './settings.ts'
import { settingsDialog } from './settings-dialog.ts'
import {
  type AddressSource,
  type KeptSource,
  keepAgain,
  keepSource,
  loadable,
  loadOptionsFor,
  pocketSource,
  readKeptSource,
  reopen,
  type Source,
} from './source.ts'
import { namesAdapter, withOptionsOf } from './source-options.ts'
import { startView } from './start-view.ts'
import { type Strings, stringsOf } from './strings.ts'
import type { WebGpuState } from './webgpu-check.ts'

/** What the page knows when it begins. */
export interface Beginning {
  readonly settings: Settings
  /** What was loaded last. */
  readonly last: KeptSource | undefined
  /** The same, where all of it is on this device. */
  readonly atHand: AddressSource | undefined
  readonly gpu: WebGpuState
}

interface LoadWish {
  /** The page begins: nothing is asked, and nothing is fetched from elsewhere. */
  readonly unasked?: boolean
  readonly afterCrash?: 'load'
}

const nothingTyped: Typed = { address: '', options: {} }

/** The whole page: start → consent → loading → chat, and back. */
export class ChatPage {
  #settings: Settings
  #last: KeptSource | undefined
  #model: Model | undefined
  #source: Source = pocketSource
  #failure: Failure | undefined
  /** What `#failure` is about. */
  #failed: Source | undefined
  #stopped: { readonly source: Source; readonly text: string } | undefined
  /** What was typed and not loaded. */
  #typed: Typed = nothingTyped
  #picker: Picker | undefined
  #loading: AbortController | undefined
  readonly #gpu: WebGpuState
  readonly #header = element('header', { class: 'top' })
  readonly #main = element('main')
  readonly #status = element('p', { class: 'hidden', role: 'status' })
  readonly #chat: ChatView

  constructor({ settings, last, atHand, gpu }: Beginning) {
    this.#settings = settings
    this.#last = last
    this.#gpu = gpu
    this.#chat = new ChatView({
      settings: () => this.#settings,
      announce: (text) => {
        this.#status.textContent = text
      },
      showModel: () => this.#openModelDialog(),
      badge: (model) => placeBadge(this.#strings, model),
    })
    document.body.append(this.#header, this.#main, this.#status)
    acceptDrops(document.body, () => this.#strings, {
      onPick: (source) => this.#pick(source),
      onFailure: (failure) => this.#fail(failure),
    })
    this.#applyLanguage()
    if (atHand) void this.#load(atHand, { unasked: true })
    else if (!last && !savesData()) void this.#load(pocketSource, { unasked: true })
  }

  get #strings(): Strings {
    return stringsOf(this.#settings.language)
  }

  #applyLanguage(): void {
    document.documentElement.lang = this.#settings.language
    this.#chat.applyLanguage()
    this.#drawHeader()
    if (!this.#model && !this.#loading) this.#showStart()
  }

  #drawHeader(): void {
    const loaded = this.#model && { model: this.#model, name: this.#source.name }
    const content = headerContent(this.#strings, loaded, {
      onAbout: () => this.#openModelDialog(),
      onNewChat: () => this.#chat.newChat(),
      onAnother: () => void this.#unload(),
      onSettings: () => this.#openSettings(),
    })
    this.#header.replaceChildren(...content)
  }

  #openModelDialog(): void {
    const model = this.#model
    if (!model) return
    const strings = this.#strings
    const { language } = this.#settings
    const place = explainPlace(runPlace(model.info), this.#gpu, navigator.userAgent, strings)
    const about =
      this.#source.kind === 'pocket' ? pocketCard(strings, language) : provenanceCard(strings, language, model.info)
    const content = { title: this.#source.name, place, badge: placeBadge(strings, model), about }
    showDialog(modelDialog(strings, content, () => void this.#unload()))
  }

  #openSettings(): void {
    const onChange = (settings: Settings): void => {
      const languageChanged = settings.language !== this.#settings.language
      this.#settings = settings
      void keepSettings(settings)
      if (!languageChanged) return
      this.#applyLanguage()
      dialog.close()
      this.#openSettings()
    }
    const dialog = settingsDialog(this.#strings, this.#settings, onChange, () => this.#openKept())
    showDialog(dialog)
  }

  #openKept(): KeptDialog {
    const dialog = new KeptDialog(this.#strings, this.#settings.language, { onPick: (source) => this.#pick(source) })
    dialog.root.addEventListener('close', () => {
      if (!this.#model && !this.#loading) this.#showStart()
    })
    showDialog(dialog.root)
    return dialog
  }

  #pick(source: Source): void {
    if (source.kind === 'file' && source.name.endsWith('.sampan')) void this.#openKept().add(source.file)
    else void this.#load(source)
  }

  #showStart(): void {
    const typed = this.#picker?.root.isConnected ? this.#picker.typed() : this.#typed
    const failed = this.#failed
    const state = {
      ...{ gpu: this.#gpu, last: this.#last, settings: this.#settings, typed, stopped: this.#stopped },
      failure: this.#failure && { ...this.#failure, ...(failed && { source: failed }) },
    }
    const view = startView(this.#strings, state, {
      onPick: (source) => this.#pick(source),
      onFailure: (failure) => this.#fail(failure),
      onResume: (kept) => void this.#resume(kept),
      onLoadAgain: (source) => void this.#load(source, { afterCrash: 'load' }),
      onManage: () => this.#openKept(),
    })
    this.#picker = view
    this.#main.replaceChildren(view.root)
  }

  /** After something did not work: whoever uses a keyboard or a screen reader goes on where the page does. */
  #showStartAgain(): void {
    this.#showStart()
    const field = this.#typed.address === '' ? 'button' : 'input[name=address]'
    const next = this.#failure ? '[role=alert]' : this.#stopped ? '.stopped' : field
    this.#main.querySelector<HTMLElement>(next)?.focus()
  }

  #fail(failure: Failure, source?: Source): void {
    this.#failure = failure
    this.#failed = source
    this.#showStartAgain()
  }

  async #resume(kept: KeptSource): Promise<void> {
    const source = await reopen(kept)
    if (source === 'denied') this.#fail(failureInOwnWords(this.#strings.permissionDenied))
    else await this.#load(source)
  }

  async #load(source: Source, { unasked = false, afterCrash }: LoadWish = {}): Promise<void> {
    // What is asked for last is what is wanted: a file may be dropped while Pocket loads unasked.
    this.#loading?.abort()
    const controller = new AbortController()
    const { signal } = controller
    this.#loading = controller
    this.#failure = undefined
    this.#stopped = undefined
    this.#typed = { address: source.kind === 'address' ? source.address : '', options: source.options ?? {} }
    await this.#dispose()
    if (this.#loading !== controller) return
    const view = new LoadView(this.#strings, this.#settings.language, this.#loadTitle(source), () => controller.abort())
    this.#drawHeader()
    this.#main.replaceChildren(view.root)
    let begun = false
    try {
      const model = await load(loadable(source), {
        ...loadOptionsFor(source, this.#settings),
        download: unasked ? undefined : (request) => this.#ask(request, source, controller, view),
        ...(afterCrash && { afterCrash }),
        signal,
        onProgress: (progress) => {
          view.update(progress)
          if (begun || progress.phase === 'open' || progress.phase === 'download') return
          begun = true
          // Should it end the page, the next visit is about this model.
          void keepSource(source)
        },
        onLost: (error, { recovering }) => (recovering ? this.#chat.setRecovering(true) : void this.#lost(error)),
        onRecovered: () => this.#chat.setRecovering(false),
      })
      if (this.#loading !== controller) {
        await keepAgain(this.#last)
        return void model.dispose().catch(() => undefined)
      }
      this.#loading = undefined
      await this.#show(model, source)
    } catch (error) {
      if (begun) await keepAgain(this.#last)
      if (this.#loading !== controller) return
      this.#loading = undefined
      await this.#tellStopped(source, view)
      if (this.#loading) return
      if (!signal.aborted && !(unasked && failureOf(error).code === 'download-required')) {
        this.#failure = failureOf(error)
        this.#failed = source
      }
      this.#showStartAgain()
    }
  }

  async #show(model: Model, source: Source): Promise<void> {
    this.#model = model
    this.#source = source
    this.#typed = nothingTyped
    this.#drawHeader()
    this.#main.replaceChildren(...this.#chat.roots)
    this.#chat.begin(model, source)
    this.#status.textContent = this.#strings.ready(source.name)
    if (!savesData()) keepOffline()
    if (source.kind === 'pocket') return
    await keepSource(source)
    this.#last = await readKeptSource()
  }

  /** Shows what the model costs, and waits for the visitor's word. */
  #ask(request: DownloadRequest, source: Source, controller: AbortController, load: LoadView): Promise<boolean> {
    const { signal } = controller
    if (signal.aborted) return Promise.resolve(false)
    const { language } = this.#settings
    let allow: (allowed: boolean) => void = () => {}
    const allowed = new Promise<boolean>((resolve) => {
      allow = resolve
    })
    const name = namesAdapter(request.source, source.options) ? request.source : source.name
    const view = new ConsentView(this.#strings, language, request, name, {
      onDownload: () => {
        this.#main.replaceChildren(load.root)
        load.focus()
        allow(true)
      },
      onDecline: () => controller.abort(),
      onAlternative: (other) => void this.#load(withOptionsOf(other, source)),
    })
    this.#main.replaceChildren(view.root)
    view.focus()
    void canRun(loadable(source), { ...loadOptionsFor(source, this.#settings), signal }).then(
      (verdict) => view.judge(verdict),
      () => view.judge(undefined),
    )
    return allowed
  }

  /** What has come of a download is kept, and is gone on with. */
  async #tellStopped(source: Source, view: LoadView): Promise<void> {
    if (source.kind !== 'address' || !view.downloaded) return
    const { downloaded, total } = (await findPart(source)) ?? {}
    if (downloaded === undefined || total === undefined) return
    const amount = (bytes: number): string => formatBytes(bytes, this.#settings.language)
    this.#stopped = { source, text: this.#strings.stoppedAt(source.name, amount(downloaded), amount(total)) }
  }

  #loadTitle(source: Source): { readonly title: string; readonly hint: string } {
    const strings = this.#strings
    if (source.kind !== 'pocket') return { title: strings.loading(source.name), hint: '' }
    const title = strings.loading(strings.pocketTitle(pocketSize(strings, this.#settings.language)))
    return { title, hint: strings.pocketHere }
  }

  async #lost(error: SampanError): Promise<void> {
    const source = this.#source
    await this.#dispose()
    this.#drawHeader()
    this.#fail({ ...failureOf(error), lost: true }, source)
  }

  async #unload(): Promise<void> {
    this.#failure = undefined
    this.#stopped = undefined
    await this.#dispose()
    this.#drawHeader()
    this.#showStartAgain()
  }

  async #dispose(): Promise<void> {
    this.#chat.end()
    const model = this.#model
    this.#model = undefined
    await model?.dispose().catch(() => undefined)
  }
}

/** A modal dialogue that is gone when it is closed. */
function showDialog(dialog: HTMLDialogElement): void {
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}
