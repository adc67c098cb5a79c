import type { ModelInfo } from '@sampan/core'
import { formatBytes } from './amount-format.ts'
import { element } from './element.ts'
import { factsList, outerLink } from './facts-list.ts'
import type { Strings } from './strings.ts'

/** Shown of a hash; the whole is copied. */
const hashDigits = 12

/** Whose the model is, which version of it runs, and what that is made of. */
export function provenanceCard(strings: Strings, language: string, info: ModelInfo): HTMLElement[] {
  const words = strings.provenance
  const { about = {}, revision, hash, files = [], source } = info
  const { summary } = about
  const page = about.page ?? (/^https?:/.test(source) ? source : undefined)
  return [
    element('section', {}, [
      element('h3', {}, [words.title]),
      ...(summary === undefined ? [] : [element('p', { dir: 'auto' }, [summary])]),
      factsList([
        [words.source, outerLink(source, page)],
        [words.licence, outerLink(about.licence ?? strings.consent.licenceUnknown, about.licenceUrl)],
        [words.baseModel, about.baseModel],
        [words.adapter, info.adapters?.map(({ name }) => name).join(', ')],
        [words.revision, revision && element('code', {}, [revision.slice(0, hashDigits)])],
        [words.hash, hash && shortHash(hash, strings)],
      ]),
    ]),
    ...(files.length === 0 ? [] : [filesTable(words.files(String(files.length)), files, language)]),
  ]
}

function shortHash(hash: string, strings: Strings): HTMLElement {
  const copy = element('button', { type: 'button', class: 'quiet small', title: hash }, [strings.copy])
  copy.setAttribute('aria-label', strings.provenance.copyHash)
  copy.addEventListener('click', async () => {
    await navigator.clipboard?.writeText(hash).then(
      () => copy.replaceChildren(strings.copied),
      () => undefined,
    )
  })
  const digits = (/[0-9a-f]*$/.exec(hash)?.[0] || hash).slice(0, hashDigits)
  return element('span', { class: 'hash' }, [element('code', {}, [`${digits}…`]), copy])
}

function filesTable(title: string, files: NonNullable<ModelInfo['files']>, language: string): HTMLElement {
  const rows = files.map(({ path, bytes, sha256 }) =>
    element('li', {}, [
      element('span', { dir: 'ltr' }, [path]),
      element('small', {}, [formatBytes(bytes, language)]),
      ...(sha256 === undefined ? [] : [element('code', {}, [sha256])]),
    ]),
  )
  return element('details', { class: 'measured' }, [
    element('summary', {}, [title]),
    element('ul', { class: 'files' }, rows),
  ])
}
