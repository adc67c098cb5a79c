import { get, update } from 'idb-keyval'
import { type Language, preferredLanguage } from './strings.ts'

export type Bits = 4 | 8 | 16 | 'source'

/** Whether a model thinks before it answers. `model`: as it does by itself. */
export type Thinking = 'model' | 'enabled' | 'disabled'

/** What a model is to compute on. */
export type Compute = 'auto' | 'webgpu' | 'cpu'

export interface Settings {
  readonly language: Language
  readonly system: string
  /** `model`: what suits the model. */
  readonly temperature: number | 'model'
  readonly thinking: Thinking
  readonly maxTokens: number
  readonly bits: Bits
  readonly compute: Compute
}

export const limits = {
  temperature: { least: 0, most: 2, step: 0.1 },
  maxTokens: { least: 1, most: 32_768, step: 1 },
  systemLength: 20_000,
} as const

const key = 'chat-settings'

export function defaultSettings(): Settings {
  return {
    language: preferredLanguage(navigator.languages),
    system: '',
    temperature: 'model',
    thinking: 'model',
    maxTokens: 1024,
    bits: 4,
    compute: 'auto',
  }
}

/** Kept settings; what is missing, or was kept by another version in another shape, takes its default. */
export async function readSettings(): Promise<Settings> {
  const fallback = defaultSettings()
  const kept: unknown = await get(key).catch(() => undefined)
  const fields = typeof kept === 'object' && kept !== null ? kept : {}
  const field = (name: keyof Settings): unknown => Object.getOwnPropertyDescriptor(fields, name)?.value
  const language = field('language')
  const system = field('system')
  const thinking = field('thinking')
  const bits = field('bits')
  return {
    language: language === 'en' || language === 'zh-Hans' ? language : fallback.language,
    system: typeof system === 'string' ? system.slice(0, limits.systemLength) : fallback.system,
    temperature: within(field('temperature'), limits.temperature, 'model'),
    thinking: thinking === 'enabled' || thinking === 'disabled' ? thinking : fallback.thinking,
    maxTokens: Math.round(within(field('maxTokens'), limits.maxTokens, fallback.maxTokens)),
    bits: bits === 4 || bits === 8 || bits === 16 || bits === 'source' ? bits : fallback.bits,
    compute: computeOfAddress() ?? computeIn(kept) ?? fallback.compute,
  }
}

/** Private windows and full disks refuse; the page then works without memory. */
export async function keepSettings(settings: Settings): Promise<void> {
  const ofVisit = settings.compute === computeOfAddress()
  const kept = (before: unknown): Settings =>
    ofVisit ? { ...settings, compute: computeIn(before) ?? defaultSettings().compute } : settings
  await update<unknown>(key, kept).catch(() => undefined)
}

/** An address may ask for one, for this visit alone: `npm start -- --open` does. */
function computeOfAddress(): Compute | undefined {
  return asCompute(new URLSearchParams(location.search).get('compute'))
}

function computeIn(kept: unknown): Compute | undefined {
  return typeof kept === 'object' && kept !== null && 'compute' in kept ? asCompute(kept.compute) : undefined
}

function asCompute(value: unknown): Compute | undefined {
  return value === 'auto' || value === 'webgpu' || value === 'cpu' ? value : undefined
}

export function within<Fallback>(
  value: unknown,
  range: { readonly least: number; readonly most: number },
  fallback: Fallback,
): number | Fallback {
  return typeof value === 'number' && Number.isFinite(value) && value >= range.least && value <= range.most
    ? value
    : fallback
}
