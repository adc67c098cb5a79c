import type { DownloadRequest, ModelAbout, ReasonCode, Verdict } from '@sampan/core'
import { alternativesView } from './alternatives-view.ts'
import { formatBytes } from './amount-format.ts'
import { element } from './element.ts'
import { factsList, outerLink } from './facts-list.ts'
import { reasonLines } from './reason-words.ts'
import type { Source } from './source.ts'
import type { Strings } from './strings.ts'

export interface ConsentHandlers {
  onDownload(): void
  onDecline(): void
  onAlternative(source: Source): void
}

/** It runs, but not on a GPU. */
const slow: ReadonlySet<ReasonCode> = new Set(['insecure-origin', 'no-webgpu', 'software-adapter', 'adapter-limit'])

/** What a model costs and whose it is, before any of it is downloaded. */
export class ConsentView {
  readonly root: HTMLElement
  readonly #strings: Strings
  readonly #language: string
  readonly #handlers: ConsentHandlers
  readonly #title: HTMLElement
  readonly #verdict: HTMLElement
  readonly #alternatives = element('div', { hidden: true })
  readonly #download: HTMLButtonElement
  readonly #memory = element('span', {}, ['…'])
  readonly #licence = element('span')

  constructor(strings: Strings, language: string, request: DownloadRequest, name: string, handlers: ConsentHandlers) {
    this.#strings = strings
    this.#language = language
    this.#handlers = handlers
    const words = strings.consent
    this.#title = element('h2', { id: 'consent-title', dir: 'auto', tabindex: '-1' }, [words.title(name)])
    this.#verdict = element('div', { class: 'verdict', role: 'status' }, [element('p', {}, [words.checking])])
    const size = request.bytes === undefined ? words.downloadUnknown : words.download(this.#bytes(request.bytes))
    this.#download = element('button', { type: 'button', class: 'primary' }, [size])
    this.#download.addEventListener('click', () => handlers.onDownload())
    const decline = element('button', { type: 'button', class: 'outlined' }, [words.notNow])
    decline.addEventListener('click', () => handlers.onDecline())
    this.#tellLicence(request.about)
    const why = words.why[request.reason]
    const { summary } = request.about
    this.root = element('section', { class: 'consent card', 'aria-labelledby': 'consent-title' }, [
      this.#title,
      ...(why === undefined ? [] : [element('p', {}, [why])]),
      this.#costs(request),
      this.#verdict,
      this.#alternatives,
      ...(summary === undefined ? [] : [element('p', { class: 'summary hint', dir: 'auto' }, [summary])]),
      this.#origin(request),
      element('div', { class: 'end two' }, [decline, this.#download]),
    ])
    this.root.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || event.isComposing) return
      event.stopPropagation()
      handlers.onDecline()
    })
  }

  focus(): void {
    this.#title.focus()
  }

  /** What `canRun` found; undefined: it found nothing out. */
  judge(verdict: Verdict | undefined): void {
    const { consent } = this.#strings
    const memory = verdict?.gpuBytes
    if (memory === undefined) this.#memory.closest('div')?.remove()
    else this.#memory.textContent = consent.ofGpu(this.#bytes(memory))
    // A file's own header may tell what its server does not.
    if (verdict?.about?.licence !== undefined) this.#tellLicence(verdict.about)
    const lines = verdict ? reasonLines(verdict.reasons, this.#strings, this.#language) : []
    this.#verdict.classList.toggle('blocked', verdict?.ok === false)
    const judgement = this.#judgement(verdict)
    this.#verdict.replaceChildren(
      ...(judgement === undefined ? [] : [element('p', {}, [judgement])]),
      ...lines.map(({ text, words, code }) => {
        return element('p', { class: 'reason', 'data-code': code, ...(words === 'library' && { lang: 'en' }) }, [text])
      }),
    )
    if (verdict?.ok === false) {
      this.#download.textContent = consent.anyway
      this.#download.className = 'outlined'
    }
    const title = verdict?.ok === false ? consent.smallerThatRun : consent.smaller
    const others = alternativesView(this.#strings, this.#language, title, verdict?.alternatives ?? [], (source) =>
      this.#handlers.onAlternative(source),
    )
    this.#alternatives.hidden = others === undefined
    this.#alternatives.replaceChildren(...(others ? [others] : []))
  }

  /** Undefined where a reason tells on what it runs. */
  #judgement(verdict: Verdict | undefined): string | undefined {
    const { consent } = this.#strings
    if (!verdict) return consent.unchecked
    if (!verdict.ok) return consent.blocked
    if (verdict.reasons.some(({ code }) => slow.has(code))) return undefined
    return verdict.backend === 'wllama' ? consent.runsOnCpu : consent.runsOnGpu
  }

  #tellLicence({ licence, licenceUrl }: ModelAbout): void {
    this.#licence.replaceChildren(outerLink(licence ?? this.#strings.consent.licenceUnknown, licenceUrl))
  }

  #costs({ bytes, cachedBytes, storedBytes, store, about }: DownloadRequest): HTMLElement {
    const words = this.#strings.consent
    const { provenance } = this.#strings
    const size = bytes === undefined ? words.unknownSize : this.#bytes(bytes)
    const kept = storedBytes > 0 ? this.#bytes(storedBytes) : undefined
    return factsList([
      [words.toDownload, cachedBytes > 0 ? words.goesOnFrom(size, this.#bytes(cachedBytes)) : size],
      [words.onDevice, store === 'memory' ? words.notKept : kept],
      [words.inMemory, this.#memory],
      [provenance.licence, this.#licence],
      [provenance.baseModel, about.baseModel],
    ])
  }

  #origin({ about: { page }, revision }: DownloadRequest): HTMLElement {
    const { provenance } = this.#strings
    return factsList([
      [provenance.source, page && outerLink(page.replace(/^https?:\/\//, ''), page)],
      [provenance.revision, revision?.slice(0, 12)],
    ])
  }

  #bytes(bytes: number): string {
    return formatBytes(bytes, this.#language)
  }
}
