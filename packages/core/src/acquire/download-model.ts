import { SampanError } from '../errors.ts'
import { checkCallOptions, checkLoadOptions, checkSignal } from '../load/check-load-options.ts'
import { chooseBackend } from '../load/choose-backend.ts'
import { gpuKind } from '../load/gpu-kind.ts'
import type { LoadOptions, LoadProgress, LoadSource } from '../load/load-types.ts'
import { ProgressMeter } from '../load/progress-meter.ts'
import { networkPort } from '../network/network-port.ts'
import { describeSource } from '../sources/describe-source.ts'
import { acquireModel } from './acquire-model.ts'
import { isFetched } from './is-fetched.ts'
import { planesFor } from './wanted-form.ts'

export interface DownloadOptions
  extends Pick<
    LoadOptions,
    'backend' | 'bits' | 'embeddingBits' | 'hub' | 'token' | 'fetch' | 'headers' | 'signal' | 'download'
  > {
  /** What it throws ends the download; what has come so far is kept. */
  readonly onProgress?: (progress: LoadProgress) => void
}

/**
 * Downloads a model, so that `load` with the same options makes no request. Needs no GPU, but looks for one: a model is kept in another form
 * for the CPU; `backend` says which, else it is the one that `load` would take here. To call it is to allow the download, unless `download` is a
 * function that is to be asked. Resolves to the model's id; at once where it is there.
 * @throws SampanError as `load`; the signal's reason
 */
export async function downloadModel(source: LoadSource, options: DownloadOptions = {}): Promise<string> {
  const given = checkCallOptions(options, 'cache.download')
  const plain = checkLoadOptions(given)
  const described = await describeSource(source, plain.hub)
  if (!isFetched(described))
    throw new SampanError(
      'source-invalid',
      'Only models of a server are downloaded: name a URL or a repository. Files and `pocket` are there already.',
      { kind: described.kind },
    )
  const { hub, token } = plain
  const backend = await chooseBackend(described, given.backend ?? 'auto', gpuKind)
  const form = backend === 'wllama' ? ({ kind: 'source' } as const) : planesFor(plain)
  const meter = new ProgressMeter()
  const { onProgress, download = 'allow' } = given
  const acquired = await acquireModel(
    { source: described, hub, form, keep: true, ...(token !== undefined && { token }) },
    {
      consent: download,
      network: networkPort(given),
      signal: checkSignal(given.signal),
      onProgress: onProgress && ((progress) => onProgress(meter.update(progress))),
    },
  )
  onProgress?.(meter.finish())
  if (acquired.kind === 'stored') return acquired.id
  throw new SampanError(
    'model-not-cached',
    'This browser keeps nothing for this page (a private window, or storage is turned off): the model was not downloaded.',
  )
}
