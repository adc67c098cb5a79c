import { element } from './element.ts'
import { type Bits, limits, type Settings, within } from './settings.ts'
import { type Language, languages, type Strings } from './strings.ts'

const bitsChoices: readonly Bits[] = [4, 8, 16, 'source']

/** The settings, as a modal dialogue; every change is handed on at once. */
export function settingsDialog(
  strings: Strings,
  settings: Settings,
  onChange: (settings: Settings) => void,
): HTMLDialogElement {
  let current = settings
  const change = (part: Partial<Settings>): void => {
    current = { ...current, ...part }
    onChange(current)
  }

  const language = element(
    'select',
    { name: 'language' },
    [...languages].map(([tag, { name }]) =>
      element('option', { value: tag, lang: tag, selected: tag === settings.language }, [name]),
    ),
  )
  language.addEventListener('change', () => {
    const tag = [...languages.keys()].find((known): known is Language => known === language.value)
    if (tag) change({ language: tag })
  })

  const system = element('textarea', { name: 'system', rows: '3', dir: 'auto', maxlength: String(limits.systemLength) })
  system.value = settings.system
  system.addEventListener('change', () => change({ system: system.value }))

  const temperature = numberField('temperature', limits.temperature, settings.temperature)
  temperature.addEventListener('change', () => {
    change({ temperature: within(temperature.valueAsNumber, limits.temperature, current.temperature) })
    temperature.value = String(current.temperature)
  })

  const maxTokens = numberField('maxTokens', limits.maxTokens, settings.maxTokens)
  maxTokens.addEventListener('change', () => {
    change({ maxTokens: Math.round(within(maxTokens.valueAsNumber, limits.maxTokens, current.maxTokens)) })
    maxTokens.value = String(current.maxTokens)
  })

  const bits = element(
    'select',
    { name: 'bits' },
    bitsChoices.map((choice) => {
      const label = choice === 'source' ? strings.bitsSource : strings.bitsOf(String(choice))
      return element('option', { value: String(choice), selected: choice === settings.bits }, [label])
    }),
  )
  bits.addEventListener('change', () => {
    const choice = bitsChoices.find((known) => String(known) === bits.value)
    if (choice) change({ bits: choice })
  })

  return element('dialog', { class: 'settings', 'aria-labelledby': 'settings-title' }, [
    element('form', { method: 'dialog' }, [
      element('h2', { id: 'settings-title' }, [strings.settings]),
      row(strings.language, language),
      row(strings.system, system, strings.systemHint),
      row(strings.temperature, temperature, strings.temperatureHint),
      row(strings.maxTokens, maxTokens),
      row(strings.bits, bits, strings.bitsHint),
      element('div', { class: 'end' }, [element('button', { class: 'primary' }, [strings.close])]),
    ]),
  ])
}

function numberField(
  name: string,
  range: { least: number; most: number; step: number },
  value: number,
): HTMLInputElement {
  return element('input', {
    type: 'number',
    name,
    min: String(range.least),
    max: String(range.most),
    step: String(range.step),
    value: String(value),
  })
}

/** The hint describes the field; it is no part of its name. */
function row(label: string, field: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement, hint?: string) {
  const labelled = element('label', {}, [element('span', {}, [label]), field])
  if (hint === undefined) return labelled
  const id = `settings-${field.name}-hint`
  field.setAttribute('aria-describedby', id)
  return element('div', { class: 'row' }, [labelled, element('small', { id, class: 'hint' }, [hint])])
}
