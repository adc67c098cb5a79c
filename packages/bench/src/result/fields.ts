import { z } from 'zod'
import { LIMITS } from './limits.ts'

/** Control characters, which steer terminals and break tables, and those that turn the direction of writing. */
const UNSAFE = String.raw`\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069`
const unsafe = new RegExp(`[${UNSAFE}]`, 'g')
/** Escapes that other programs' patterns know too. */
const safe = new RegExp(`^[^${UNSAFE}]*$`)

export const line = (max: number = LIMITS.name) => z.string().max(max).regex(safe, 'holds control characters')
export const name = line().min(1)
export const reason = line(LIMITS.reason).min(1)
export const count = z.int().min(0)
export const bytes = z.int().min(0).max(LIMITS.bytes)
export const milliseconds = z.number().min(0).max(LIMITS.ms)
export const rate = z.number().min(0).max(LIMITS.rate)

/** Any text as one line that a result file takes: an engine's message, for one. */
export function oneLine(text: string, max: number = LIMITS.reason): string {
  const flat = text.replace(unsafe, ' ').replace(/ {2,}/g, ' ').trim()
  return flat.length <= max ? flat : `${flat.slice(0, max - 1)}…`
}
