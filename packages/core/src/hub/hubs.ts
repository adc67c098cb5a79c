import { SampanError } from '../errors.ts'

/** A model hub, as plain data that crosses to Workers. `hubApi` finds what is done with it. */
export interface HubDescription {
  /** Whose API it speaks. A mirror of Hugging Face is `huggingface` with another `base`. */
  readonly preset: 'huggingface' | 'modelscope'
  /** Origin and path without a slash at the end. */
  readonly base: string
  /** The revision of a source that names none. */
  readonly branch: string
}

export const huggingFace: HubDescription = { preset: 'huggingface', base: 'https://huggingface.co', branch: 'main' }
/** For users in China. */
export const modelScope: HubDescription = { preset: 'modelscope', base: 'https://modelscope.cn', branch: 'master' }

/**
 * The hub that the option `hub` names: a preset, or the base URL of a private mirror that speaks as Hugging Face does (what `HF_ENDPOINT`
 * is elsewhere).
 * @throws SampanError `option-invalid`
 */
export function hubOf(option: unknown): HubDescription {
  if (option === undefined || option === huggingFace.preset) return huggingFace
  if (option === modelScope.preset) return modelScope
  if (typeof option !== 'string' || !URL.canParse(option)) throw hubInvalid()
  const { protocol, username, password, origin, pathname } = new URL(option)
  if (!/^https?:$/.test(protocol) || username !== '' || password !== '') throw hubInvalid()
  const base = (origin + pathname).replace(/\/+$/, '')
  if (/^https:\/\/(www\.)?modelscope\.cn$/.test(base)) return modelScope
  return { ...huggingFace, base }
}

function hubInvalid(): SampanError {
  return new SampanError(
    'option-invalid',
    'The option hub must be "huggingface", "modelscope" or the absolute URL of a hub, without a user or password in it.',
    { option: 'hub' },
  )
}
