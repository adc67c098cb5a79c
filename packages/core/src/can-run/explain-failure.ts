import type { Reason, ReasonCode } from './can-run-types.ts'
import type { Failure } from './facts.ts'

/** Errors that are nobody's mistake in calling: what `load` would throw becomes a reason. */
const REASON_OF: Readonly<Record<string, ReasonCode>> = {
  'source-not-found': 'not-found',
  'source-forbidden': 'gated',
  'source-unavailable': 'source-unavailable',
  'source-changed': 'source-unavailable',
  'range-unsupported': 'source-unavailable',
  'network-failed': 'source-unavailable',
  'hash-mismatch': 'source-unavailable',
  'source-ambiguous': 'ambiguous',
  'not-a-model-file': 'file-invalid',
  'file-truncated': 'file-invalid',
  'file-malformed': 'file-invalid',
  'file-limit-exceeded': 'file-invalid',
  'file-damaged': 'file-invalid',
  'tensor-missing': 'file-invalid',
  'tensor-shape-mismatch': 'file-invalid',
  'adapter-mismatch': 'adapter-mismatch',
  'architecture-unknown': 'architecture-unknown',
  'format-unsupported': 'format-unsupported',
}

/** True for errors that a verdict tells; others are thrown. */
export function isReason({ code }: Failure): boolean {
  return Object.hasOwn(REASON_OF, code)
}

/** The reason that stands for an error. The error's own message says what to do. */
export function explainFailure(failure: Failure, online: boolean): Reason {
  const { code, message, details } = failure
  if (code === 'network-failed' && !online)
    return {
      ...{ code: 'offline', severity: 'blocks', details },
      message: 'There is no connection, and the model is not on this device: connect once to download it.',
    }
  return { code: reasonOf(failure), severity: 'blocks', message, details: { ...details, error: code } }
}

function reasonOf({ code, details }: Failure): ReasonCode {
  // A hub refuses what there is not as it refuses what is private, so that nobody learns which.
  if (code === 'source-forbidden' && 'repository' in details && details['gated'] !== true) return 'not-found'
  return REASON_OF[code] ?? 'source-unavailable'
}
