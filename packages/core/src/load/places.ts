import type { AdapterSource } from '../adapters/adapter-types.ts'
import { withoutAdapters } from '../adapters/without-adapters.ts'
import type { Counters, GenerationRequest, Ledger, ModelInfo } from '../backend.ts'
import type { AnswerParts, AnswerPlace } from '../chat/answer-run.ts'
import type { SampanErrorCode } from '../error-codes.ts'
import { SampanError } from '../errors.ts'
import { untilAborted } from '../until-aborted.ts'
import { requireConsent } from './check-server.ts'
import type { ReplyPlace } from './fallback-types.ts'
import type { ReloadOptions } from './load-types.ts'
import type { ModelClient } from './model-client.ts'
import { answerPlace, type Place } from './place.ts'
import { PlacedAnswer } from './placed-answer.ts'
import type { Route, Target } from './target.ts'

/** What is told of replies and how places are opened. */
export interface PlacesPlan {
  readonly routes: readonly Route[]
  /** Loads the model there. Never called for a server without consent. */
  readonly open: (target: Target, signal: AbortSignal) => Promise<Place>
  readonly onReply?: ((place: ReplyPlace) => void) | undefined
  /** Whether the model is loaded with adapters. */
  readonly adapted?: boolean
}

/** A place where an answer may be made, how one came there, and where one has been before. */
interface Stop {
  readonly target: Target
  readonly place: Place
  /** Of the failure that led here. */
  readonly reason: SampanErrorCode | undefined
  readonly tried: ReadonlySet<Target>
}

/** The model in the place where it was loaded, and in those where rules go on when it cannot answer there. */
export class Places implements ModelClient {
  readonly #plan: PlacesPlan
  readonly #first: Stop
  readonly #opened = new Map<Target, Promise<Place>>()
  readonly #disposing = new AbortController()
  /** Whether it answers with adapters now. */
  #adapted: boolean

  private constructor(plan: PlacesPlan, first: Stop) {
    this.#plan = plan
    this.#first = first
    this.#adapted = plan.adapted ?? false
    this.#opened.set(first.target, Promise.resolve(first.place))
  }

  /**
   * Loads the model at `target`, or where the rules go on from there.
   * @throws what the last place throws; `consent-missing` where none is left but a server without consent; `option-invalid` for a server
   * with adapters
   */
  static async open(target: Target, plan: PlacesPlan, signal: AbortSignal): Promise<Places> {
    if (target.kind === 'server') {
      if (plan.adapted) throw withoutAdapters('openai-compatible')
      requireConsent(target)
    }
    const open = (target: Target): Promise<Place> => plan.open(target, signal)
    try {
      const place = await open(target)
      return new Places(plan, { target, place, reason: undefined, tried: new Set([target]) })
    } catch (error) {
      signal.throwIfAborted()
      return new Places(plan, await goOn(error, new Set([target]), waysOf(plan.routes, plan.adapted), open, signal))
    }
  }

  /** Of the model in the place where it was loaded. */
  get info(): ModelInfo {
    return this.#first.place.info
  }

  async generate(request: GenerationRequest, stop: readonly string[], signal?: AbortSignal): Promise<AnswerParts> {
    this.#disposing.signal.throwIfAborted()
    const adapted = this.#adapted
    const start = async (from: Stop): Promise<{ readonly at: Stop; readonly parts: AnswerParts }> => {
      let at = from
      for (;;) {
        try {
          return { at, parts: await at.place.client.generate(request, stop, signal) }
        } catch (error) {
          at = await this.#after(error, at.tried, signal, adapted)
        }
      }
    }
    const { at, parts } = await start(this.#first)
    let tried = at.tried
    return new PlacedAnswer({
      ...{ parts, place: answerPlaceOf(at) },
      elsewhere: async (error, left) => {
        const from = await this.#after(error, tried, signal ? AbortSignal.any([signal, left]) : left, adapted)
        const next = await start(from)
        tried = next.at.tried
        return { parts: next.parts, place: answerPlaceOf(next.at) }
      },
      told: ({ reply }) => this.#plan.onReply?.(reply),
    })
  }

  countTokens(request: GenerationRequest): Promise<number> {
    return this.#first.place.client.countTokens(request)
  }

  counters(): Promise<Counters | undefined> {
    return this.#first.place.client.counters()
  }

  ledger(): Promise<Ledger | undefined> {
    return this.#first.place.client.ledger()
  }

  /** In the place where it was loaded. */
  async setAdapters(adapters: readonly AdapterSource[], signal: AbortSignal | undefined): Promise<void> {
    const signals = [this.#disposing.signal, ...(signal ? [signal] : [])]
    for (const one of signals) one.throwIfAborted()
    const { setAdapters } = this.#first.place
    if (!setAdapters) throw withoutAdapters(this.info.backend)
    const adapted = Array.isArray(adapters) && adapters.length > 0
    await setAdapters(adapters, AbortSignal.any(signals))
    this.#adapted = adapted
  }

  /** In the place where it was loaded. */
  async reload(during: ReloadOptions): Promise<void> {
    this.#disposing.signal.throwIfAborted()
    return this.#first.place.client.reload(during)
  }

  /** Of all places. The ledger is the first one's. */
  async dispose(error: SampanError): Promise<Ledger | undefined> {
    this.#disposing.abort(error)
    const disposals = [...this.#opened.values()].map(async (opened) => {
      const place = await opened.catch(() => undefined)
      return place?.client.dispose(error)
    })
    await Promise.allSettled(disposals)
    return disposals[0]
  }

  /** Where a request goes on that failed with `error`. @param adapted whether it was begun with adapters */
  async #after(
    error: unknown,
    tried: ReadonlySet<Target>,
    signal: AbortSignal | undefined,
    adapted: boolean,
  ): Promise<Stop> {
    const signals = [this.#disposing.signal, ...(signal ? [signal] : [])]
    for (const one of signals) if (one.aborted) throw error
    // Another copy of what has just failed would be no help.
    const routes = this.#plan.routes.filter(
      ({ loading, target }) => !loading && !(target.kind === 'device' && target.backend === this.info.backend),
    )
    const ways = waysOf(routes, adapted || this.#adapted)
    return goOn(error, tried, ways, (target) => this.#open(target), AbortSignal.any(signals))
  }

  /** Once for all requests; a place that could not be opened may be later. */
  #open(target: Target): Promise<Place> {
    const opened = this.#opened.get(target) ?? this.#plan.open(target, this.#disposing.signal)
    this.#opened.set(target, opened)
    opened.catch(() => this.#opened.delete(target))
    return opened
  }
}

/** Where requests may go on. Without its adapters a model is another one: what cannot have them is passed over. */
interface Ways {
  readonly open: readonly Route[]
  readonly closed: readonly Route[]
}

function waysOf(routes: readonly Route[], adapted = false): Ways {
  const mayHave = ({ target }: Route): boolean => !adapted || (target.kind === 'device' && target.backend !== 'wllama')
  return { open: routes.filter(mayHave), closed: routes.filter((route) => !mayHave(route)) }
}

/** The first place that a rule for `error`, or for what goes wrong on the way, leads to. */
async function goOn(
  error: unknown,
  tried: ReadonlySet<Target>,
  ways: Ways,
  open: (target: Target) => Promise<Place>,
  signal: AbortSignal,
): Promise<Stop> {
  if (!SampanError.isInstance(error)) throw error
  const { code } = error
  const fitting = ways.open.filter(({ when, target }) => when.has(code) && !tried.has(target))
  // A server without consent is no way, unless there is no other.
  const route = fitting.find(({ target }) => target.kind === 'device' || target.credentials) ?? fitting[0]
  if (!route) throw ways.closed.some(({ when }) => when.has(code)) ? passedOver(error) : error
  const { target } = route
  if (target.kind === 'server') requireConsent(target, error)
  const seen = new Set([...tried, target])
  try {
    const place = await untilAborted(open(target), signal)
    return { target, place, reason: code, tried: seen }
  } catch (failure) {
    signal.throwIfAborted()
    return goOn(joined(failure, error), seen, ways, open, signal)
  }
}

/** The same failure, with why no rule was followed. */
function passedOver(error: SampanError): SampanError {
  return new SampanError(
    error.code,
    `${error.message} (It does not go on elsewhere, where the model cannot have its adapters: load it without, or take them off by setAdapters([]).)`,
    { ...error.details, passedOver: 'adapters' },
    { name: error.name, cause: error },
  )
}

/** A place that does not load such a source at all. */
const NO_WAY: ReadonlySet<SampanErrorCode> = new Set(['format-unsupported', 'option-invalid'])

/** The failure of a place that a rule led to, and why it was tried. */
function joined(failure: unknown, first: SampanError): unknown {
  if (!SampanError.isInstance(failure) || failure === first || NO_WAY.has(failure.code)) return first
  return new SampanError(
    failure.code,
    `${failure.message} (It was tried after ${first.code}: ${first.message})`,
    failure.details,
    { name: failure.name, cause: first },
  )
}

/** Asked for with each answer: a recovery may change what a model runs on. */
function answerPlaceOf({ target, place, reason }: Stop): AnswerPlace {
  return answerPlace(place.info, target.kind === 'server' ? target.host : undefined, reason)
}
