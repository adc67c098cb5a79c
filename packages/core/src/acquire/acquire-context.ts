import type { Hasher } from '../download/hasher.ts'
import type { Network } from '../network/network.ts'
import type { AcquireProgress } from './acquire-types.ts'
import type { DownloadRequest } from './download-request.ts'

/** What the Worker that acquires a model works with. */
export interface AcquireTools {
  /** Knows the user's token, if there is one. */
  readonly network: Network
  readonly hasher: Hasher
  readonly signal: AbortSignal
  readonly onProgress: (progress: AcquireProgress) => void
  /** Resolves when somebody has agreed; who does not agree ends the Worker. */
  readonly ask: (request: DownloadRequest) => Promise<void>
}
