import { alternativesView } from './alternatives-view.ts'
import { element } from './element.ts'
import { explainFailure, type Failure } from './failure.ts'
import { keptChoices } from './kept-choices.ts'
import { modelPicker, type Picker, type PickerHandlers, type Typed } from './model-picker.ts'
import { pocketSize } from './pocket-card.ts'
import { remediesFor } from './remedies.ts'
import type { Settings } from './settings.ts'
import { type KeptSource, pocketSource, type Source } from './source.ts'
import { withOptionsOf } from './source-options.ts'
import type { Strings } from './strings.ts'
import { explainWebGpu, type WebGpuState } from './webgpu-check.ts'

export interface StartHandlers extends PickerHandlers {
  onResume(kept: KeptSource): void
  onLoadAgain(source: Source): void
  onManage(): void
}

export interface StartState {
  readonly gpu: WebGpuState
  readonly settings: Settings
  readonly last: KeptSource | undefined
  readonly failure: (Failure & { readonly source?: Source }) | undefined
  /** A download that was stopped, and what is to be said of it. */
  readonly stopped: { readonly source: Source; readonly text: string } | undefined
  readonly typed: Typed
}

/** The page before a model is there. */
export function startView(strings: Strings, state: StartState, handlers: StartHandlers): Picker {
  const { gpu, settings, last, failure, stopped, typed } = state
  const { language } = settings
  const root = element('section', { class: 'start' }, [
    element('h1', {}, ['Sampan']),
    element('p', { class: 'tagline' }, [strings.tagline]),
  ])
  if (failure) root.append(failureCard(strings, settings, failure, handlers))
  if (stopped) root.append(stoppedCard(strings, stopped, handlers))
  // What has just failed is not offered in the same breath.
  if (last && last.name !== failure?.source?.name) {
    const resume = element('button', { type: 'button', class: 'primary wide', dir: 'auto' }, [
      strings.resume(last.name),
    ])
    resume.addEventListener('click', () => handlers.onResume(last))
    root.append(resume)
  }
  const picker = modelPicker(strings, typed, handlers)
  root.append(
    pocketChoice(strings, language, last === undefined, () => handlers.onPick(pocketSource)),
    keptChoices(strings, language, last, handlers),
    picker.root,
  )
  const slow = slowHint(strings, gpu)
  if (slow) root.append(slow)
  return { ...picker, root }
}

/** What went wrong, and what would go better. */
function failureCard(
  strings: Strings,
  settings: Settings,
  failure: Failure & { readonly source?: Source },
  handlers: StartHandlers,
): HTMLElement {
  const { code, lost, source } = failure
  const crashed = code === 'crashed-last-time'
  const title = crashed ? strings.crashedTitle : lost ? strings.modelLost : strings.loadFailed
  const card = element('div', { class: 'card warning', role: 'alert', tabindex: '-1', 'data-code': code }, [
    element('h2', {}, [title]),
    ...(crashed && source ? [element('p', { class: 'name', dir: 'auto' }, [source.name])] : []),
    ...explainFailure(strings, failure),
  ])
  if (!source) return card
  void remediesFor(code, source, settings).then((alternatives) => {
    const { language } = settings
    const { whichOne, smallerThatRun } = strings.consent
    const title = code === 'source-ambiguous' ? whichOne : smallerThatRun
    const others = alternativesView(strings, language, title, alternatives, (other) =>
      handlers.onPick(withOptionsOf(other, source)),
    )
    if (others) card.append(others)
  })
  if (!crashed) return card
  const again = element('button', { type: 'button', class: 'outlined' }, [strings.loadAgain])
  again.addEventListener('click', () => handlers.onLoadAgain(source))
  card.append(again)
  return card
}

function stoppedCard(
  strings: Strings,
  { source, text }: { readonly source: Source; readonly text: string },
  { onPick }: StartHandlers,
): HTMLElement {
  const button = element('button', { type: 'button', class: 'primary' }, [strings.goOn])
  button.addEventListener('click', () => onPick(source))
  return element('div', { class: 'card stopped', role: 'status', tabindex: '-1' }, [
    element('p', { dir: 'auto' }, [text]),
    button,
  ])
}

/** The model that comes with the page. */
function pocketChoice(strings: Strings, language: string, first: boolean, onPick: () => void): HTMLElement {
  const button = element('button', { type: 'button', class: first ? 'primary' : 'outlined' }, [strings.startPocket])
  button.addEventListener('click', onPick)
  return element('div', { class: 'card pocket-choice' }, [
    element('div', {}, [
      element('h2', {}, [strings.pocketTitle(pocketSize(strings, language))]),
      element('p', { class: 'hint' }, [strings.pocketHere]),
    ]),
    button,
  ])
}

/** Says what is missing for speed, and what helps; undefined where nothing is. */
function slowHint(strings: Strings, gpu: WebGpuState): HTMLElement | undefined {
  switch (gpu.kind) {
    case 'insecure':
    case 'no-api':
    case 'no-adapter': {
      const lines = explainWebGpu(gpu.kind, navigator.userAgent, strings)
      return element('details', { class: 'card slow' }, [
        element('summary', {}, [strings.noGpuTitle]),
        ...lines.map((line) => element('p', {}, [line])),
      ])
    }
    case 'software':
      return element('p', { class: 'hint software' }, [strings.softwareAdapter])
    case 'hardware':
      return undefined
    default:
      return gpu satisfies never
  }
}
