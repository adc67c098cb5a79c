import type { Fault, FaultKind, FaultPlan, FaultSubject, RequestKind } from './fault.ts'
import { seededPick } from './random.ts'

export interface PlanOptions {
  /** Which faults there are, each as likely as the others. Default `passingFaults` of the CDN, else `plainFaults`. */
  readonly kinds?: readonly FaultKind[]
  /** Of a hundred requests, so many begin a burst of faults. Default 25. */
  readonly percent?: number
  /** The longest burst: requests of one kind for one path that fail in a row. Default 2. */
  readonly burst?: number
  /** After so many requests of one kind for one path, they all succeed. Default never. */
  readonly calmAfter?: number
  /** Which parts of the hub fail. Default all but preflights. */
  readonly where?: readonly RequestKind[]
  /** Which files fail. Default all. */
  readonly paths?: (path: string) => boolean
  /** Bodies are cut, stopped and damaged within so many bytes. Default 64 KiB. */
  readonly within?: number
  /** How long a stalled answer stays open. Default a minute. */
  readonly stallMilliseconds?: number
}

/** Faults that whoever reads weights should get over by asking again, since it knows what it asked for. */
export const passingFaults: readonly FaultKind[] = [
  'status',
  'refused',
  'cut',
  'drip',
  'wrong-length',
  'too-many',
  'wrong-range',
  'gzip',
  'html',
  'json',
  'expired',
]

/** Faults that everyone should get over by asking again, since they show by themselves. */
export const plainFaults: readonly FaultKind[] = ['status', 'refused', 'cut', 'drip', 'wrong-length']

const statuses = [429, 500, 502, 503] as const

/**
 * Faults that are always the same for the same seed: which request of a file fails, and how, follows from the seed, the kind of
 * request, the path and the request's number, whatever else goes on at the same time.
 */
export function planFaults(seed: number, options: PlanOptions = {}): FaultPlan {
  const { percent = 25, burst = 2, calmAfter = Number.POSITIVE_INFINITY, where, paths } = options
  const begins = ({ kind, path }: FaultSubject, number: number): boolean =>
    number >= 1 && seededPick(seed, 'begins', kind, path, number)(100) < percent
  return (subject) => {
    const { kind, path, number } = subject
    const kinds = options.kinds ?? (kind === 'cdn' ? passingFaults : plainFaults)
    if (where ? !where.includes(kind) : kind === 'preflight') return undefined
    if (number > calmAfter || paths?.(path) === false || kinds.length === 0) return undefined
    // Every burst is followed by a request that succeeds, so that one who asks again gets on.
    const cycle = (number - 1) % (burst + 1)
    if (cycle === burst) return undefined
    const first = number - cycle
    const started = Array.from({ length: cycle + 1 }, (_, at) => begins(subject, first + at)).includes(true)
    return started ? drawFault(seededPick(seed, 'fault', kind, path, number), kinds, options) : undefined
  }
}

function drawFault(pick: (below: number) => number, kinds: readonly FaultKind[], options: PlanOptions): Fault {
  const { within = 64 << 10, stallMilliseconds = 60_000 } = options
  const kind = kinds[pick(kinds.length)] ?? 'refused'
  switch (kind) {
    case 'status':
      return { kind, status: statuses[pick(statuses.length)] ?? 503, ...(pick(2) === 0 && { retryAfter: 0 }) }
    case 'cut':
      return { kind, after: pick(within) }
    case 'stall':
      return { kind, after: pick(within), milliseconds: stallMilliseconds }
    case 'drip':
      return { kind, bytes: 16_384 + pick(65_536), milliseconds: 1 + pick(4) }
    case 'wrong-length':
      return { kind, by: 1 + pick(1000) }
    case 'too-many':
      return { kind, bytes: 1 + pick(1000) }
    case 'wrong-range':
      return { kind, by: 1 + pick(1000) }
    case 'flip':
      return { kind, at: pick(within) }
    case 'refused':
    case 'range-ignored':
    case 'changed':
    case 'gzip':
    case 'html':
    case 'json':
    case 'expired':
      return { kind }
    default:
      return kind satisfies never
  }
}

/** One fault, at one request of a kind for a path or, without a number, at all of them. */
export function faultAt(kind: RequestKind, path: string, fault: Fault, number?: number): FaultPlan {
  return (subject) =>
    subject.kind === kind && subject.path === path && (number === undefined || subject.number === number)
      ? fault
      : undefined
}

/** The first that has a fault. */
export function firstFault(...plans: readonly FaultPlan[]): FaultPlan {
  return (subject) => {
    for (const plan of plans) {
      const fault = plan(subject)
      if (fault) return fault
    }
    return undefined
  }
}
