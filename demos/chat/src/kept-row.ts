import type { CachedModel } from '@sampan/core'
import { formatBytes } from './amount-format.ts'
import { element } from './element.ts'
import { nameOf } from './kept-models.ts'
import type { Strings } from './strings.ts'

export interface KeptRowHandlers {
  /** Undefined where nothing names the model. */
  readonly onLoad: (() => void) | undefined
  onDelete(): Promise<void>
  onSave(): Promise<void>
}

/** One model of those that are kept. It is deleted when that was said twice. */
export function keptRow(
  strings: Strings,
  language: string,
  model: CachedModel,
  { onLoad, onDelete, onSave }: KeptRowHandlers,
): HTMLElement {
  const words = strings.kept
  const { bytes, state } = model
  const isAdapter = model.form.kind === 'adapter'
  const name = nameOf(model)
  const whole = state === 'complete'
  const button = (label: string, text: string, action: () => void): HTMLButtonElement => {
    const node = element('button', { type: 'button', class: 'small outlined', 'aria-label': label }, [text])
    node.addEventListener('click', action)
    return node
  }
  const load = onLoad && button(words.load(name), whole ? words.loadIt : strings.goOn, onLoad)
  const save = whole && !isAdapter ? button(words.saveOf(name), words.save, () => void onSave()) : undefined
  const remove = button(words.removeOf(name), words.remove, () => confirm())
  const actions = element('div', { class: 'actions' }, [...(load ? [load] : []), ...(save ? [save] : []), remove])

  const keep = element('button', { type: 'button', class: 'small outlined' }, [words.keep])
  const sure = element('button', { type: 'button', class: 'small danger' }, [words.remove])
  const question = element('div', { class: 'question', hidden: true, role: 'group' }, [
    element('p', {}, [words.removeQuestion(name, formatBytes(bytes, language))]),
    element('div', { class: 'actions' }, [keep, sure]),
  ])
  const ask = (asking: boolean): void => {
    question.hidden = !asking
    actions.hidden = asking
  }
  const confirm = (): void => {
    ask(true)
    keep.focus()
  }
  keep.addEventListener('click', () => {
    ask(false)
    remove.focus()
  })
  sure.addEventListener('click', () => {
    sure.disabled = true
    void onDelete()
  })
  return element('li', {}, [
    element('p', { class: 'name', dir: 'auto' }, [name]),
    ...(name === model.name ? [] : [element('p', { class: 'hint address', dir: 'ltr' }, [model.name])]),
    element('p', { class: 'hint' }, [facts(strings, language, model)]),
    ...(onLoad === undefined && whole && !isAdapter ? [element('p', { class: 'hint' }, [words.unnamed])] : []),
    actions,
    question,
  ])
}

function facts(strings: Strings, language: string, model: CachedModel): string {
  const { form, bytes, state, changed, downloaded, total, about } = model
  const words = strings.kept
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(new Date(changed))
  const amount = (value: number): string => formatBytes(value, language)
  if (state === 'partial') {
    const part =
      downloaded === undefined || total === undefined ? amount(bytes) : words.partly(amount(downloaded), amount(total))
    return [part, date].join(' · ')
  }
  return [amount(bytes), formWords(strings, form), date, about?.licence ?? ''].filter((fact) => fact !== '').join(' · ')
}

function formWords(strings: Strings, form: CachedModel['form']): string {
  const words = strings.kept
  switch (form.kind) {
    case 'source':
      return words.forProcessor
    case 'planes':
      return typeof form.bits === 'number' ? strings.bitsOf(String(form.bits)) : ''
    case 'adapter':
      return form.base === undefined ? words.adapter : words.adapterFor(form.base)
    default:
      return form satisfies never
  }
}
