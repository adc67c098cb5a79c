import { BackendError } from '../backend-error.ts'
import { explainResponse } from './explain-response.ts'
import { readText } from './read-within.ts'
import { fetchWithin, RemoteModel } from './remote-model.ts'
import { ServerAddress } from './server-address.ts'
import { type ServerKind, serverKindOf } from './server-kind.ts'
import { countIn, type JsonObject, objectIn, stringIn } from './unknown-json.ts'

/** Bytes of a list of models. */
const MOST_LIST_BYTES = 4 << 20
const MOST_NAMED = 8
/** As OpenAI's own clients: a long prompt on a busy server takes its time. */
const DEFAULT_PATIENCE_SECONDS = 600
/** What a timer holds. */
const MOST_PATIENCE_SECONDS = 2 ** 31 / 1000 - 1

export interface ServerOptions {
  /** Of the API, mostly ending with `/v1`. */
  readonly baseUrl: string
  /** What the server calls the model. Default: the only one that it serves. */
  readonly model?: string
  /** Sent to `baseUrl` and nowhere else; kept in memory only. */
  readonly apiKey?: string
  /** Sent like the key, and kept from every text like it. Other origins' servers must allow them (CORS). */
  readonly headers?: Readonly<Record<string, string>>
  /** Default: what the server says of itself in its list of models. */
  readonly server?: ServerKind
  /** Seconds that the server may be silent before an answer counts as lost. Default 600. */
  readonly patienceSeconds?: number
}

/**
 * A model on an OpenAI-compatible server (vLLM, SGLang, llama.cpp). Messages leave this machine: only ever by the user's consent,
 * which is the caller's to get.
 * @throws BackendError `option-invalid`, `model-unknown`, `source-forbidden`, `source-not-found`, `source-unavailable`,
 * `network-failed`, `backend-failed`; the signal's reason
 */
export async function connectToServer(
  options: ServerOptions,
  { signal }: { readonly signal: AbortSignal },
): Promise<RemoteModel> {
  const { patienceSeconds = DEFAULT_PATIENCE_SECONDS } = options
  if (!(patienceSeconds > 0 && patienceSeconds <= MOST_PATIENCE_SECONDS))
    throw new BackendError(
      'option-invalid',
      `patienceSeconds must be a number above 0 and at most ${MOST_PATIENCE_SECONDS}.`,
      { option: 'patienceSeconds' },
    )
  const server = new ServerAddress(options.baseUrl, options.apiKey, options.headers)
  signal.throwIfAborted()
  const patience = patienceSeconds * 1000
  const { name, about } = choose(await listModels(server, options.model, patience, signal), options.model, server)
  const meta = objectIn(about['meta'])
  return new RemoteModel(
    server,
    {
      backend: 'openai-compatible',
      source: `${server.baseUrl}#${name}`,
      model: name,
      server: options.server ?? serverKindOf(about['owned_by']),
      contextLength: countIn(about['max_model_len']) ?? countIn(meta['n_ctx']) ?? countIn(meta['n_ctx_train']) ?? 0,
      bytes: countIn(meta['size']) ?? 0,
    },
    patience,
  )
}

async function listModels(
  server: ServerAddress,
  wanted: string | undefined,
  patience: number,
  signal: AbortSignal,
): Promise<readonly JsonObject[]> {
  const leaving = new AbortController()
  try {
    const init = { method: 'GET', signal: AbortSignal.any([signal, leaving.signal]) }
    const response = await fetchWithin(server, '/models', init, patience)
    // Some have no list; a request will tell whether the model is there.
    if (wanted !== undefined && (response.status === 404 || response.status === 405)) return []
    if (!response.ok) throw await explainResponse(response, server)
    return await parseList(response, patience, server)
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    leaving.abort()
  }
}

async function parseList(response: Response, patience: number, server: ServerAddress): Promise<readonly JsonObject[]> {
  const { text, complete } = await readText(response, MOST_LIST_BYTES, patience, server)
  try {
    const { data } = objectIn(JSON.parse(text))
    if (complete && Array.isArray(data)) return data.map(objectIn)
  } catch {
    // Told below: what JSON.parse says has a piece of the text in it.
  }
  throw new BackendError(
    'backend-failed',
    `The server's list of models cannot be read: ${server.baseUrl}/models is not of an OpenAI-compatible server.`,
    { server: server.baseUrl },
  )
}

function choose(
  models: readonly JsonObject[],
  wanted: string | undefined,
  server: ServerAddress,
): { readonly name: string; readonly about: JsonObject } {
  const names = models.map(({ id }) => stringIn(id)).filter((id) => id !== undefined)
  const name = wanted ?? (names.length === 1 ? names[0] : undefined)
  if (name !== undefined && (names.length === 0 || names.includes(name)))
    return { name, about: models.find(({ id }) => id === name) ?? {} }
  const some = names.slice(0, MOST_NAMED).map((id) => server.redact(id).slice(0, 200))
  const list =
    some.length > 0 ? `It serves ${some.join(', ')}${names.length > MOST_NAMED ? ', …' : ''}.` : 'It tells of none.'
  throw new BackendError(
    'model-unknown',
    wanted === undefined
      ? `The server at ${server.baseUrl} does not serve one model: name one with the option model. ${list}`
      : `The server at ${server.baseUrl} does not serve "${wanted}". ${list}`,
    { server: server.baseUrl, models: some },
  )
}
