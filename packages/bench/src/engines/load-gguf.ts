import type { OpenOptions } from './bench-engine.ts'
import { remoteBlob } from './gguf-facts.ts'
import type { LoadPhases } from './load-phases.ts'

/** What the wllamas of all versions have. */
export interface GgufLoader<Params> {
  loadModelFromUrl(
    url: string,
    params: Params & { progressCallback: (progress: { loaded: number; total: number }) => void },
  ): Promise<unknown>
  loadModel(files: Blob[], params: Params): Promise<unknown>
}

/**
 * Loads the file at `url`, in the library's own way where it may be kept on this device, else from memory.
 * @throws what the network and llama.cpp throw; the signal's reason
 */
export async function loadGguf<Params>(
  loader: GgufLoader<Params>,
  { url, keep, params }: { readonly url: string; readonly keep: boolean; readonly params: Params },
  phases: LoadPhases,
  { onProgress, signal }: OpenOptions,
): Promise<void> {
  phases.see('download')
  if (keep) {
    const progressCallback = ({ loaded, total }: { loaded: number; total: number }): void =>
      onProgress(loaded / Math.max(total, 1))
    await loader.loadModelFromUrl(url, { ...params, progressCallback })
  } else {
    const blob = await remoteBlob(url, signal)
    phases.see('weights')
    onProgress(0.5)
    await loader.loadModel([blob], params)
  }
}
