import type { Model } from '@sampan/core'
import { element } from './element.ts'
import type { Strings } from './strings.ts'

/** The adapter that was trained for Pocket: two of this page's own files. */
async function sailorFiles(): Promise<readonly File[]> {
  const [{ default: config }, response] = await Promise.all([
    import('../../../packages/pocket/adapters/sailor/adapter_config.json?raw'),
    fetch(new URL('../../../packages/pocket/adapters/sailor/adapter_model.safetensors', import.meta.url)),
  ])
  if (!response.ok) throw new TypeError(`The adapter could not be fetched (status ${response.status}).`)
  const weights = await response.arrayBuffer()
  return [new File([config], 'adapter_config.json'), new File([weights], 'adapter_model.safetensors')]
}

/** Whether a model can have adapters. */
export const mayHaveAdapters = ({ info }: Model): boolean => info.backend === 'sampan'

export interface SailorHandlers {
  onSwitched(on: boolean): void
  onFailure(error: unknown): void
}

/** Puts the adapter on Pocket, and takes it off again: an adapter is small, and the model stays where it is. */
export function sailorSwitch(strings: Strings, model: Model, handlers: SailorHandlers): HTMLButtonElement {
  const words = strings.sailor
  const isOn = (): boolean => model.info.adapters !== undefined
  const button = element(
    'button',
    { type: 'button', role: 'switch', class: 'chip switch', 'aria-checked': String(isOn()), title: words.hint },
    [words.label],
  )
  button.addEventListener('click', async () => {
    if (button.ariaBusy === 'true') return
    button.ariaBusy = 'true'
    try {
      await model.setAdapters(isOn() ? [] : [await sailorFiles()])
      handlers.onSwitched(isOn())
    } catch (error) {
      handlers.onFailure(error)
    }
    button.ariaChecked = String(isOn())
    button.ariaBusy = 'false'
  })
  return button
}
