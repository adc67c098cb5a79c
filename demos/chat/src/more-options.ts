import { element } from './element.ts'
import type { SourceOptions } from './source-options.ts'
import type { Strings } from './strings.ts'

type HubChoice = 'huggingface' | 'modelscope' | 'mirror'

export interface MoreOptions {
  readonly root: HTMLElement
  read(): SourceOptions
  /** False, and the visitor is shown what is missing: without its address nobody can tell whom a token is for. */
  check(): boolean
}

/** What few need to load a model: another hub, a token, an adapter. Open where something was chosen. */
export function moreOptions(strings: Strings, { hub, token, adapter }: SourceOptions): MoreOptions {
  const words = strings.options
  const chosen: HubChoice = hub === undefined ? 'huggingface' : hub === 'modelscope' ? 'modelscope' : 'mirror'
  const hubs: readonly HubChoice[] = ['huggingface', 'modelscope', 'mirror']
  const choice = element(
    'select',
    { name: 'hub' },
    hubs.map((name) => element('option', { value: name, selected: name === chosen }, [words.hubs[name]])),
  )
  const mirror = field('mirror', 'url', 'https://', chosen === 'mirror' ? hub : undefined)
  const mirrorRow = row(words.mirror, mirror, words.mirrorHint)
  const tokenField = field('token', 'password', 'hf_…', token)
  const adapterField = field('adapter', 'text', 'org/name', adapter)
  const showMirror = (): void => {
    const wanted = choice.value === 'mirror'
    mirrorRow.hidden = !wanted
    mirror.disabled = !wanted
    mirror.required = wanted
  }
  choice.addEventListener('change', () => {
    showMirror()
    if (choice.value === 'mirror') mirror.focus()
  })
  showMirror()
  const open = hub !== undefined || token !== undefined || adapter !== undefined
  const root = element('details', { class: 'more-options', open }, [
    element('summary', {}, [words.title]),
    element('div', { class: 'fields' }, [
      element('label', {}, [element('span', {}, [words.hub]), choice]),
      mirrorRow,
      row(words.token, tokenField, words.tokenHint),
      row(words.adapter, adapterField, words.adapterHint),
    ]),
  ])
  // A browser cannot point at a field that is folded away.
  mirror.addEventListener('invalid', () => {
    root.open = true
  })
  return {
    root,
    check: () => mirror.reportValidity(),
    read: () => ({
      ...(choice.value === 'modelscope' && { hub: 'modelscope' }),
      ...(choice.value === 'mirror' && mirror.value.trim() !== '' && { hub: mirror.value.trim() }),
      ...(tokenField.value.trim() !== '' && { token: tokenField.value.trim() }),
      ...(adapterField.value.trim() !== '' && { adapter: adapterField.value.trim() }),
    }),
  }
}

function field(name: string, type: string, placeholder: string, value: string | undefined): HTMLInputElement {
  return element('input', {
    ...{ type, name, placeholder, value: value ?? '', dir: 'ltr' },
    ...{ autocapitalize: 'off', autocomplete: 'off', spellcheck: 'false' },
  })
}

/** The hint describes the field; it is no part of its name. */
function row(label: string, input: HTMLInputElement, hint: string): HTMLElement {
  const id = `options-${input.name}-hint`
  input.setAttribute('aria-describedby', id)
  return element('div', { class: 'row' }, [
    element('label', {}, [element('span', {}, [label]), input]),
    element('small', { id, class: 'hint' }, [hint]),
  ])
}
