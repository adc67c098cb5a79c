/** One conversation with what transformers made of it in float32. */
export interface ReferenceCase {
  readonly name: string
  readonly messages: readonly { readonly role: string; readonly content: string }[]
  /** The rendered chat template. */
  readonly prompt: string
  readonly ids: readonly number[]
  /** Greedy continuation. */
  readonly greedy: readonly number[]
  /** For each step the largest logits, best first: `[id, logit]`. */
  readonly top: readonly (readonly (readonly [id: number, logit: number])[])[]
}

export interface Reference {
  readonly model: string
  readonly cases: readonly ReferenceCase[]
}

/** @throws TypeError that names the field which is not as it must be. */
export function parseReference(text: string): Reference {
  const file = record(JSON.parse(text), 'the reference')
  const cases = list(file['cases'], 'cases').map((entry, index) => parseCase(entry, `cases[${index}]`))
  if (cases.length === 0) throw new TypeError('cases is empty: there is nothing to compare')
  return { model: typeof file['model'] === 'string' ? file['model'] : '', cases }
}

function parseCase(value: unknown, where: string): ReferenceCase {
  const entry = record(value, where)
  const ids = tokenIds(entry['ids'], `${where}.ids`)
  const greedy = tokenIds(entry['greedy'], `${where}.greedy`)
  const top = list(entry['top'], `${where}.top`).map((step, index) => parseStep(step, `${where}.top[${index}]`))
  if (ids.length === 0) throw new TypeError(`${where}.ids is empty`)
  if (top.length !== greedy.length) {
    throw new TypeError(`${where}.top has ${top.length} steps, but greedy has ${greedy.length}`)
  }
  const messages = list(entry['messages'], `${where}.messages`).map((message, index) => {
    const at = `${where}.messages[${index}]`
    const fields = record(message, at)
    return { role: string(fields['role'], `${at}.role`), content: string(fields['content'], `${at}.content`) }
  })
  return {
    name: string(entry['name'], `${where}.name`),
    prompt: string(entry['prompt'], `${where}.prompt`),
    messages,
    ids,
    greedy,
    top,
  }
}

function parseStep(value: unknown, where: string): readonly (readonly [number, number])[] {
  return list(value, where).map((pair, index) => {
    const [id, logit] = list(pair, `${where}[${index}]`)
    if (!isTokenId(id) || typeof logit !== 'number')
      throw new TypeError(`${where}[${index}] is no pair of id and logit`)
    return [id, logit]
  })
}

function tokenIds(value: unknown, where: string): readonly number[] {
  const ids = list(value, where)
  if (!ids.every(isTokenId)) throw new TypeError(`${where} holds something that is no token id`)
  return ids
}

const isTokenId = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0

function record(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError(`${where} is no object`)
  return Object.fromEntries(Object.entries(value))
}

function list(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`${where} is no list`)
  return value
}

function string(value: unknown, where: string): string {
  if (typeof value !== 'string') throw new TypeError(`${where} is no text`)
  return value
}
