/** Enough to tell a page from a file. */
const HEAD_BYTES = 256

const PAGE = /^\s*<(!doctype|!--|\?xml|html|head|body|script|title|meta|svg|error)/i

/**
 * Whether a file's first bytes are a web page, a login or a message of the server. HTML is known by itself; `<`, or JSON where the file is
 * no JSON, only together with the type that the server gives.
 * @param path the file's, for its ending
 */
export function looksLikePage(head: Uint8Array, contentType: string | undefined, path: string): boolean {
  const text = new TextDecoder('latin1').decode(head.subarray(0, HEAD_BYTES)).replace(/^\u00ef\u00bb\u00bf/, '')
  if (PAGE.test(text)) return true
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (/^(text\/html|application\/xhtml\+xml|(application|text)\/xml)$/.test(type)) return /^\s*</.test(text)
  const isJson = type === 'application/json' || type === 'text/json' || type === 'application/problem+json'
  return isJson && !/\.json$/i.test(path) && /^\s*[[{]/.test(text)
}

/** Holds back the first bytes of a file until they can be judged. */
export class PageGuard {
  readonly #isPage: (head: Uint8Array) => boolean
  readonly #error: () => Error
  #held: Uint8Array<ArrayBuffer> | undefined = new Uint8Array()

  constructor(isPage: (head: Uint8Array) => boolean, error: () => Error) {
    this.#isPage = isPage
    this.#error = error
  }

  /** What may be handed on. @throws what `error` makes */
  take(part: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    if (!this.#held) return part
    const bytes = new Uint8Array(this.#held.length + part.length)
    bytes.set(this.#held)
    bytes.set(part, this.#held.length)
    this.#held = bytes
    return bytes.length < HEAD_BYTES ? new Uint8Array() : this.end()
  }

  /** The rest, where no more comes. @throws what `error` makes */
  end(): Uint8Array<ArrayBuffer> {
    const held = this.#held ?? new Uint8Array()
    this.#held = undefined
    if (this.#isPage(held)) throw this.#error()
    return held
  }
}
