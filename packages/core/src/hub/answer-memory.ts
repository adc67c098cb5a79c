import type { Network, NetworkRequest } from '../network/network.ts'

/** Longest answer that is remembered, in bytes: blocks of headers are no longer. */
const MAX_ANSWER_BYTES = 8 << 20
/** All answers about one model: a GGUF file's header, the longest of what is asked, has 16 MB at most. */
const MAX_BYTES = 24 << 20
/** A model of many shards takes two for each, and a few. */
const MAX_ANSWERS = 1_200
/** 200, parts, and what is not there. */
const LASTING_STATUSES: readonly number[] = [200, 206, 404]

/** What a server said: plain data, so that it crosses to a Worker. */
export interface RememberedAnswer {
  /** Address and range. */
  readonly request: string
  /** Where it came from in the end. */
  readonly url: string
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Uint8Array<ArrayBuffer>
}

/**
 * Asks each small thing about a model once: listing, texts, headers. For one who asks (one token, one hub), and until the first byte of
 * weights is fetched.
 */
export class AnswerMemory {
  readonly #answers: Map<string, RememberedAnswer>
  #bytes: number
  #isOpen = true

  constructor(known: readonly RememberedAnswer[] = []) {
    this.#answers = new Map(known.map((answer) => [answer.request, answer]))
    this.#bytes = known.reduce((sum, { body }) => sum + body.length, 0)
  }

  get answers(): readonly RememberedAnswer[] {
    return [...this.#answers.values()]
  }

  /** Weights are fetched from now on: nothing more is remembered, and of files in ranges all is forgotten. */
  close(): void {
    this.#isOpen = false
    for (const [request, { status }] of this.#answers) if (status === 206) this.#answers.delete(request)
  }

  /** `network`, unless the answer is known. */
  over(network: Network): Network {
    return {
      fetch: async (request) => {
        const name = nameOf(request)
        if (name === undefined) return network.fetch(request)
        const known = request.fresh ? undefined : this.#answers.get(name)
        if (known) return responseOf(known.body, known)
        const response = await network.fetch(request)
        return this.#isOpen && LASTING_STATUSES.includes(response.status) ? this.#remember(name, response) : response
      },
    }
  }

  /** The same response, of which the body is kept when it has been read to its end. */
  #remember(request: string, response: Response): Response {
    const { url, status } = response
    const headers = [...response.headers]
    const parts: Uint8Array<ArrayBuffer>[] = []
    let length = 0
    const keep = (): void => {
      if (length <= MAX_ANSWER_BYTES && isWhole(response, length))
        this.#keep({ request, url, status, headers, body: joined(parts, length) })
    }
    if (!response.body) {
      keep()
      return response
    }
    const watch = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform: (part, controller) => {
        length += part.length
        if (length <= MAX_ANSWER_BYTES) parts.push(part.slice())
        else parts.length = 0
        controller.enqueue(part)
      },
      flush: keep,
    })
    return responseOf(response.body.pipeThrough(watch), { url, status, headers })
  }

  #keep(answer: RememberedAnswer): void {
    const bytes = this.#bytes - (this.#answers.get(answer.request)?.body.length ?? 0) + answer.body.length
    if (!this.#isOpen || bytes > MAX_BYTES || this.#answers.size >= MAX_ANSWERS) return
    this.#bytes = bytes
    this.#answers.set(answer.request, answer)
  }
}

/** Undefined for what is no question about a file's content. */
function nameOf({ url, headers, method, redirectedFrom }: NetworkRequest): string | undefined {
  return method === undefined && redirectedFrom === undefined ? `${headers['Range'] ?? ''} ${url}` : undefined
}

/** A range that came short is to be asked for again. */
function isWhole({ status, headers }: Response, length: number): boolean {
  const [, first, last] = /^bytes (\d{1,15})-(\d{1,15})\//.exec(headers.get('content-range') ?? '') ?? []
  return status !== 206 || first === undefined || length === Number(last) + 1 - Number(first)
}

function responseOf(
  body: Uint8Array<ArrayBuffer> | ReadableStream,
  { url, status, headers }: Pick<RememberedAnswer, 'url' | 'status' | 'headers'>,
): Response {
  const response = new Response(body, { status, headers: headers.map(([name, value]) => [name, value]) })
  // One made by hand has none.
  return Object.defineProperty(response, 'url', { value: url })
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
