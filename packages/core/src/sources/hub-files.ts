import type { ModelSource } from '../backend.ts'
import { SampanError } from '../errors.ts'
import { readText } from './read-text.ts'

type HubSource = Extract<ModelSource, { kind: 'hub' }>

/** Of several GGUF files in a repository, the first of these that there is: good answers for few bytes. */
const PREFERRED_QUANTISATIONS = ['Q4_K_M', 'Q4_K_S', 'Q4_0', 'Q5_K_M', 'Q8_0']

/** Path of the GGUF file to load, or undefined when the repository holds a safetensors model. */
export async function chooseHubFile(hub: string, source: HubSource, signal: AbortSignal): Promise<string | undefined> {
  if (source.file !== undefined) return source.file
  const paths = await listRepository(hub, source, signal)
  if (paths.includes('config.json') && paths.some((path) => path.endsWith('.safetensors'))) return undefined
  return chooseGguf(source.repository, paths)
}

function chooseGguf(repository: string, paths: readonly string[]): string {
  // Parts of a split file and the eyes and ears of multimodal models are no checkpoints by themselves.
  const whole = paths.filter((path) => /\.gguf$/i.test(path) && !/-\d{5}-of-\d{5}\.gguf$|mmproj/i.test(path))
  const [only] = whole
  if (only === undefined)
    throw new SampanError(
      'source-not-found',
      `${repository} holds neither config.json with .safetensors files nor a .gguf file in one piece: name another repository.`,
      { repository },
    )
  if (whole.length === 1) return only
  for (const quantisation of PREFERRED_QUANTISATIONS) {
    const fitting = whole.filter((path) => path.toUpperCase().includes(quantisation))
    if (fitting.length === 1 && fitting[0] !== undefined) return fitting[0]
  }
  throw new SampanError(
    'source-ambiguous',
    `${repository} holds several .gguf files: name one, as in ${repository}:${only}.`,
    { repository, files: whole },
  )
}

/** Paths of the files at the top of a repository, by the hub's API. */
async function listRepository(hub: string, source: HubSource, signal: AbortSignal): Promise<string[]> {
  const url = `${hub}/api/models/${source.repository}/tree/${encodeURIComponent(source.revision)}`
  const text = await readText(url, signal)
  if (text === undefined)
    throw new SampanError(
      'source-not-found',
      `There is no model ${source.repository} with the revision ${source.revision} on ${hub}: check the spelling.`,
      { repository: source.repository, revision: source.revision, hub },
    )
  const entries: unknown = parseJson(text)
  if (!Array.isArray(entries))
    throw new SampanError('source-unavailable', `${url} is no list of files: check that ${hub} is a model hub.`, {
      url,
    })
  return entries.flatMap((entry: unknown) => {
    const isFile = typeof entry === 'object' && entry !== null && 'path' in entry && 'type' in entry
    return isFile && entry.type === 'file' && typeof entry.path === 'string' ? [entry.path] : []
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
