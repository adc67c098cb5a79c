import { element, icons } from './element.ts'
import { type Failure, failureInOwnWords, failureOf } from './failure.ts'
import { moreOptions } from './more-options.ts'
import { type Source, sourceFromAddress, sourceFromFiles, sourceFromHandle } from './source.ts'
import type { SourceOptions } from './source-options.ts'
import type { Strings } from './strings.ts'
import { suggestionsView } from './suggestions.ts'

/** What was typed and not loaded. */
export interface Typed {
  readonly address: string
  readonly options: SourceOptions
}

export interface Picker {
  readonly root: HTMLElement
  typed(): Typed
}

export interface PickerHandlers {
  onPick(source: Source): void
  onFailure(failure: Failure): void
}

const hiddenFileInput = { type: 'file', class: 'hidden', tabindex: '-1', 'aria-hidden': 'true' }

/** Where the visitor names a model: a file, a folder, an address. */
export function modelPicker(strings: Strings, typed: Typed, given: PickerHandlers): Picker {
  const root = element('div', { class: 'picker' })
  const options = moreOptions(strings, typed.options)
  const handlers: PickerHandlers = {
    ...given,
    onPick: (source) => {
      if (options.check()) given.onPick(withOptions(source, options.read()))
    },
    onFailure: (failure) => given.onFailure(failure),
  }
  const fileInput = element('input', { ...hiddenFileInput, accept: '.gguf' })
  fileInput.addEventListener('change', () => {
    const file = fileInput.files?.[0]
    if (file) handlers.onPick({ kind: 'file', name: file.name, file })
    fileInput.value = ''
  })
  const file = choice('file', icons.file(), strings.chooseFile, strings.chooseFileHint)
  file.addEventListener('click', () => {
    const pick = window.showOpenFilePicker
    if (!pick) return fileInput.click()
    const types = [{ description: 'GGUF', accept: { 'application/octet-stream': ['.gguf'] } }]
    void pickHandle(async () => (await pick({ types }))[0], handlers)
  })
  const folderInput = element('input', { ...hiddenFileInput, webkitdirectory: true })
  folderInput.addEventListener('change', () => {
    const source = sourceFromFiles([...(folderInput.files ?? [])])
    if (source) handlers.onPick(source)
    folderInput.value = ''
  })
  const folder = choice('folder', icons.folder(), strings.chooseFolder, strings.chooseFolderHint)
  folder.addEventListener('click', () => {
    const pick = window.showDirectoryPicker
    if (pick) void pickHandle(() => pick({ mode: 'read' }), handlers)
    else folderInput.click()
  })
  const choices = element('div', { class: 'choices' }, [file, folder])
  const form = addressForm(strings, typed.address, options.root, handlers)
  root.append(
    choices,
    fileInput,
    folderInput,
    element('p', { class: 'hint drop-hint' }, [strings.dropHint]),
    form.root,
    suggestionsView(strings, (source) => handlers.onPick(source)),
  )
  return { root, typed: () => ({ address: form.field.value, options: options.read() }) }
}

function withOptions(source: Source, options: SourceOptions): Source {
  return Object.keys(options).length === 0 ? source : { ...source, options }
}

/** A button named by its label alone; the hint describes it. */
function choice(name: string, icon: SVGElement, label: string, hint: string): HTMLButtonElement {
  const [labelId, hintId] = [`choose-${name}`, `choose-${name}-hint`]
  return element(
    'button',
    { type: 'button', class: 'choice', 'aria-labelledby': labelId, 'aria-describedby': hintId },
    [icon, element('span', {}, [element('span', { id: labelId }, [label]), element('small', { id: hintId }, [hint])])],
  )
}

function addressForm(
  strings: Strings,
  address: string,
  options: HTMLElement,
  handlers: PickerHandlers,
): { readonly root: HTMLElement; readonly field: HTMLInputElement } {
  const field = element('input', {
    type: 'text',
    name: 'address',
    inputmode: 'url',
    autocapitalize: 'off',
    autocomplete: 'off',
    spellcheck: 'false',
    dir: 'ltr',
    placeholder: strings.addressPlaceholder,
    value: address,
  })
  const form = element('form', { class: 'address' }, [
    element('label', {}, [element('span', {}, [strings.address]), field]),
    element('button', { class: 'primary' }, [strings.load]),
    options,
  ])
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (field.value.trim() !== '') handlers.onPick(sourceFromAddress(field.value))
    else field.focus()
  })
  return { root: form, field }
}

async function pickHandle(pick: () => Promise<FileSystemHandle | undefined>, handlers: PickerHandlers): Promise<void> {
  try {
    const handle = await pick()
    if (handle) handlers.onPick(await sourceFromHandle(handle))
  } catch (error) {
    // The visitor closing the dialogue is no failure.
    if (error instanceof DOMException && error.name === 'AbortError') return
    handlers.onFailure(failureOf(error))
  }
}

/** Takes files and folders dropped anywhere on the page. */
export function acceptDrops(target: HTMLElement, strings: () => Strings, handlers: PickerHandlers): void {
  const mark = (on: boolean): void => void target.classList.toggle('dropping', on)
  target.addEventListener('dragover', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    mark(true)
  })
  target.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) mark(false)
  })
  target.addEventListener('drop', (event) => {
    mark(false)
    const item = event.dataTransfer?.items[0]
    if (item?.kind !== 'file') return
    event.preventDefault()
    const file = item.getAsFile()
    const folder = item.webkitGetAsEntry()?.isDirectory === true
    const handle = item.getAsFileSystemHandle?.bind(item)
    if (handle) void pickHandle(async () => (await handle()) ?? undefined, handlers)
    else if (file && !folder) handlers.onPick({ kind: 'file', name: file.name, file })
    else handlers.onFailure(failureInOwnWords(strings().unsupportedDrop))
  })
}
