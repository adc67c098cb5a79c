import { field, shownText, webAddress } from './hub-values.ts'
import { readFrontMatter, summaryOf } from './model-card.ts'
import type { ModelAbout } from './remote-model.ts'

/** Longest licence name or model id that is shown, in characters. */
const MAX_NAME_CHARACTERS = 200
/** Base models that are named: merges have a few. */
const MAX_BASE_MODELS = 4

export interface CardParts {
  /** The card's head, as a hub parsed it. Default: what `readme` begins with. */
  readonly card?: unknown
  /** Text of `README.md`. */
  readonly readme?: string | undefined
  readonly page?: string
}

/** From a model card. What is no plain text or web address is left out. */
export function aboutCard({ card, readme, page }: CardParts): ModelAbout {
  const head = typeof card === 'object' && card !== null ? card : readFrontMatter(readme ?? '')
  const licence = shownText(first(field(head, 'license')), MAX_NAME_CHARACTERS)
  const named = shownText(first(field(head, 'license_name')), MAX_NAME_CHARACTERS)
  return compact({
    // "other" says nothing; its name does.
    licence: licence === undefined || /^other$/i.test(licence) ? (named ?? licence) : licence,
    licenceUrl: webAddress(first(field(head, 'license_link'))),
    baseModel: names(field(head, 'base_model')),
    summary: summaryOf(readme ?? ''),
    page,
  })
}

/** From a GGUF file's own metadata (`general.*`, ggml's `docs/gguf.md`). */
export function aboutGguf(metadata: ReadonlyMap<string, unknown>): ModelAbout {
  const count = Math.min(MAX_BASE_MODELS, Number(metadata.get('general.base_model.count') ?? 0) || 0)
  const bases = Array.from({ length: count }, (_, index) => {
    const key = `general.base_model.${index}`
    return repositoryOf(metadata.get(`${key}.repo_url`)) ?? metadata.get(`${key}.name`)
  })
  const licence = shownText(metadata.get('general.license'), MAX_NAME_CHARACTERS)
  const named = shownText(metadata.get('general.license.name'), MAX_NAME_CHARACTERS)
  return compact({
    licence: licence === undefined || /^other$/i.test(licence) ? (named ?? licence) : licence,
    licenceUrl: webAddress(metadata.get('general.license.link')),
    baseModel: names(bases),
    summary: shownText(metadata.get('general.description'), 600),
    page: webAddress(metadata.get('general.repo_url')) ?? webAddress(metadata.get('general.url')),
  })
}

/** What the first tells; of the second what the first does not. */
export function joinAbout(first: ModelAbout, second: ModelAbout): ModelAbout {
  return { ...second, ...first }
}

/** `https://huggingface.co/org/name` is better known as `org/name`. */
function repositoryOf(url: unknown): unknown {
  return /^https:\/\/huggingface\.co\/([\w.-]+\/[\w.-]+)\/?$/.exec(
    typeof url === 'string' ? url.slice(0, 300) : '',
  )?.[1]
}

function names(value: unknown): string | undefined {
  const list = (Array.isArray(value) ? value : [value]).slice(0, MAX_BASE_MODELS)
  const shown = list.flatMap((name: unknown) => shownText(name, MAX_NAME_CHARACTERS) ?? [])
  return shown.length === 0 ? undefined : shown.join(', ')
}

function first(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value
}

function compact(about: { readonly [Key in keyof ModelAbout]: ModelAbout[Key] | undefined }): ModelAbout {
  const { licence, licenceUrl, baseModel, summary, page } = about
  return {
    ...(licence !== undefined && { licence }),
    ...(licenceUrl !== undefined && { licenceUrl }),
    ...(baseModel !== undefined && { baseModel }),
    ...(summary !== undefined && { summary }),
    ...(page !== undefined && { page }),
  }
}
