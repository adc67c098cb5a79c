/** How far the download of a model has come, in bytes. */
export interface DownloadProgress {
  readonly downloaded: number
  readonly total: number
}

const channelName = (id: string): string => `sampan-progress:${id}`

/** Tells this site's other tabs and Workers. */
export function announceProgress(id: string, { downloaded, total }: DownloadProgress): void {
  const channel = openChannel(id)
  channel?.postMessage({ downloaded, total })
  channel?.close()
}

/** Hears what others announce, till the function that it returns is called. */
export function watchProgress(id: string, listener: (progress: DownloadProgress) => void): () => void {
  const channel = openChannel(id)
  if (channel)
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (isProgress(data)) listener({ downloaded: data.downloaded, total: data.total })
    }
  return () => channel?.close()
}

function openChannel(id: string): BroadcastChannel | undefined {
  return typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(channelName(id))
}

/** Other versions of Sampan may run on this site too. */
function isProgress(value: unknown): value is DownloadProgress {
  if (typeof value !== 'object' || value === null) return false
  const { downloaded, total }: { downloaded?: unknown; total?: unknown } = value
  return Number.isSafeInteger(downloaded) && Number.isSafeInteger(total)
}
