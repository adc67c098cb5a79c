import { element } from './element.ts'
import { type Bits, type Compute, limits, type Settings, type Thinking, within } from './settings.ts'
import { type Language, languages, type Strings } from './strings.ts'

const bitsChoices: readonly Bits[] = [4, 8, 16, 'source']
const thinkingChoices: readonly Thinking[] = ['model', 'enabled', 'disabled']
const computeChoices: readonly Compute[] = ['auto', 'webgpu', 'cpu']

/** The settings, as a modal dialogue; every change is handed on at once. */
export function settingsDialog(
  strings: Strings,
  settings: Settings,
  onChange: (settings: Settings) => void,
  onManage: () => void,
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

  const shown = (value: Settings['temperature']): string => (value === 'model' ? '' : String(value))
  const temperature = numberField('temperature', limits.temperature, shown(settings.temperature))
  temperature.placeholder = strings.temperatureOfModel
  temperature.addEventListener('change', () => {
    const emptied = temperature.value === '' && !temperature.validity.badInput
    const chosen = within(temperature.valueAsNumber, limits.temperature, current.temperature)
    change({ temperature: emptied ? 'model' : chosen })
    temperature.value = shown(current.temperature)
  })

  const thinking = element(
    'select',
    { name: 'thinking' },
    thinkingChoices.map((choice) =>
      element('option', { value: choice, selected: choice === settings.thinking }, [strings.thoughtsChoices[choice]]),
    ),
  )
  thinking.addEventListener('change', () => {
    const choice = thinkingChoices.find((known) => known === thinking.value)
    if (choice) change({ thinking: choice })
  })

  const maxTokens = numberField('maxTokens', limits.maxTokens, String(settings.maxTokens))
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

  const compute = element(
    'select',
    { name: 'compute' },
    computeChoices.map((choice) =>
      element('option', { value: choice, selected: choice === settings.compute }, [strings.computeChoices[choice]]),
    ),
  )
  compute.addEventListener('change', () => {
    const choice = computeChoices.find((known) => known === compute.value)
    if (choice) change({ compute: choice })
  })

  const manage = element('button', { class: 'outlined' }, [strings.kept.title])
  manage.addEventListener('click', onManage)

  return element('dialog', { class: 'settings', 'aria-labelledby': 'settings-title' }, [
    element('form', { method: 'dialog' }, [
      element('h2', { id: 'settings-title' }, [strings.settings]),
      row(strings.language, language),
      row(strings.system, system, strings.systemHint),
      row(strings.temperature, temperature, strings.temperatureHint),
      row(strings.thoughts, thinking, strings.thoughtsHint),
      row(strings.maxTokens, maxTokens),
      row(strings.bits, bits, strings.bitsHint),
      row(strings.compute, compute, strings.computeHint),
      manage,
      element('div', { class: 'end' }, [element('button', { class: 'primary' }, [strings.close])]),
    ]),
  ])
}

function numberField(
  name: string,
  range: { least: number; most: number; step: number },
  value: string,
): HTMLInputElement {
  return element('input', {
    type: 'number',
    name,
    min: String(range.least),
    max: String(range.most),
    step: String(range.step),
    value,
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
