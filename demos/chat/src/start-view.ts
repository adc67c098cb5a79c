import { element } from './element.ts'
import { explainFailure, type Failure } from './failure.ts'
import { modelPicker, type PickerHandlers } from './model-picker.ts'
import { pocketSize } from './pocket-card.ts'
import { type KeptSource, pocketSource } from './source.ts'
import type { Strings } from './strings.ts'
import { explainWebGpu, type WebGpuState } from './webgpu-check.ts'

export interface StartHandlers extends PickerHandlers {
  onResume(kept: KeptSource): void
}

export interface StartState {
  readonly gpu: WebGpuState
  readonly kept: KeptSource | undefined
  readonly failure: Failure | undefined
  /** What was typed before. */
  readonly address: string
}

/** The page before a model is there. */
export function startView(
  strings: Strings,
  language: string,
  { gpu, kept, failure, address }: StartState,
  handlers: StartHandlers,
): HTMLElement {
  const root = element('section', { class: 'start' }, [
    element('h1', {}, ['Sampan']),
    element('p', { class: 'tagline' }, [strings.tagline]),
  ])
  if (failure !== undefined) {
    root.append(
      element('div', { class: 'card warning', role: 'alert', tabindex: '-1', 'data-code': failure.code }, [
        element('h2', {}, [failure.lost ? strings.modelLost : strings.loadFailed]),
        ...explainFailure(strings, failure),
      ]),
    )
  }
  if (kept) {
    const resume = element('button', { type: 'button', class: 'primary wide', dir: 'auto' }, [
      strings.resume(kept.name),
    ])
    resume.addEventListener('click', () => handlers.onResume(kept))
    root.append(resume)
  }
  root.append(pocketChoice(strings, language, kept === undefined, () => handlers.onPick(pocketSource)))
  root.append(modelPicker(strings, address, handlers))
  const slow = slowHint(strings, gpu)
  if (slow) root.append(slow)
  return root
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
