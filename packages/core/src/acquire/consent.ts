import { SampanError } from '../errors.ts'
import { formatBytes } from '../format-bytes.ts'
import type { DownloadReason, DownloadRequest } from './download-request.ts'

/** Whether a model may be downloaded: yes, or whoever is asked says so. */
export type DownloadConsent = 'allow' | ((request: DownloadRequest) => boolean | Promise<boolean>)

/**
 * Asks whoever may allow a download.
 * @throws SampanError `download-required` when nobody does; what a callback throws
 */
export async function requireDownloadConsent(
  consent: DownloadConsent | undefined,
  request: DownloadRequest,
): Promise<void> {
  if (consent === 'allow') return
  if (consent !== undefined && (await consent(request)) === true) return
  const { source, bytes, reason, storedBytes, cachedBytes } = request
  throw new SampanError(
    'download-required',
    `${source} is to be downloaded first${bytes === undefined ? '' : `, ${formatBytes(bytes)}`} (${WHY[reason]}), and ${
      consent === undefined ? 'nobody has allowed it' : 'the download was not allowed'
    }: ask the visitor, then load with \`download: 'allow'\`, or give \`download\` a function that asks.`,
    { source, reason, ...(bytes !== undefined && { bytes }), cachedBytes, storedBytes },
  )
}

const WHY: Readonly<Record<DownloadReason, string>> = {
  'not-cached': 'it is not on this device',
  partial: 'an earlier download was not finished',
  'other-bits': 'it is on this device with other bits a weight only',
  'old-format': 'it is on this device in the form of an older version only',
  'other-kind': 'it is on this device for another processor only',
  damaged: 'parts of it on this device can no longer be read',
}
