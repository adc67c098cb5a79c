import { element } from './element.ts'
import { explainFailure, type Failure } from './failure.ts'
import { modelPicker, type PickerHandlers } from './model-picker.ts'
import type { KeptSource } from './source.ts'
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
  { gpu, kept, failure, address }: StartState,
  handlers: StartHandlers,
): HTMLElement {
  const root = element('section', { class: 'start' }, [
    element('h1', {}, ['Sampan']),
    element('p', { class: 'tagline' }, [strings.tagline]),
  ])
  switch (gpu.kind) {
    case 'insecure':
    case 'no-api':
    case 'no-adapter': {
      const lines = explainWebGpu(gpu.kind, navigator.userAgent, strings)
      const paragraphs = lines.map((line) => element('p', {}, [line]))
      root.append(
        element('div', { class: 'card warning', role: 'alert' }, [
          element('h2', {}, [strings.noGpuTitle]),
          ...paragraphs,
        ]),
      )
      return root
    }
    case 'software':
      root.append(element('p', { class: 'hint software' }, [strings.softwareAdapter]))
      break
    case 'hardware':
      break
    default:
      gpu satisfies never
  }
  if (failure !== undefined) {
    root.append(
      element('div', { class: 'card warning', role: 'alert', tabindex: '-1', 'data-code': failure.code }, [
        element('h2', {}, [strings.loadFailed]),
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
  root.append(modelPicker(strings, address, handlers))
  return root
}
