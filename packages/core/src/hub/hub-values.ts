/** Careful look-ups in what a stranger's JSON parsed to. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined
}

/** Longest piece of text that is taken from a hub for people to read. */
const MAX_TEXT_CHARACTERS = 2000

/** Text for people, without characters that could mislead them; undefined for what is none. */
export function shownText(value: unknown, limit = MAX_TEXT_CHARACTERS): string | undefined {
  if (typeof value !== 'string') return undefined
  // Control characters, and those that turn or hide text.
  const text = value
    .slice(0, 4 * limit)
    .replace(/[\p{Cc}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
  return text === '' ? undefined : cutAt(text, limit)
}

/** A web address that may be shown as a link. */
export function webAddress(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 1000 || !URL.canParse(value)) return undefined
  const { protocol, username, href } = new URL(value)
  return /^https?:$/.test(protocol) && username === '' ? href : undefined
}

/** `org/name`, as a hub spells it. */
export function repositoryId(value: unknown): string | undefined {
  const isId = typeof value === 'string' && value.length <= 200 && /^(?!\.+\/)[\w.-]+\/(?!\.+$)[\w.-]+$/.test(value)
  return isId ? value : undefined
}

/** Longest path of a file in a repository. */
const MAX_PATH_CHARACTERS = 1024

/** A path within a repository that means the same in a URL: no empty, `.` or `..` parts, no control characters, no backslash. */
export function repositoryPath(value: unknown): string | undefined {
  if (
    typeof value !== 'string' ||
    value.length > MAX_PATH_CHARACTERS ||
    /[\p{Cc}\p{Cs}\\\u202a-\u202e\u2066-\u2069]/u.test(value)
  )
    return undefined
  return value.split('/').some((part) => /^\.{0,2}$/.test(part)) ? undefined : value
}

export function byteCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

/** Lower-case hex of a digest with so many characters. */
export function digest(value: unknown, characters: number): string | undefined {
  if (typeof value !== 'string') return undefined
  const hex = value.replace(/^sha256:/i, '').toLowerCase()
  return hex.length === characters && /^[0-9a-f]+$/.test(hex) ? hex : undefined
}

function cutAt(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`
}
