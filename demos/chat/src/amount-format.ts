import type { Strings } from './strings.ts'

/** Bytes as people read them: `7.2 MB`, `484 MB`, `1.5 GB`. */
export function formatBytes(bytes: number, language: string): string {
  const [value, unit] = bytes < 999.5e6 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB']
  const maximumFractionDigits = value < 9.95 ? 1 : 0
  return `${new Intl.NumberFormat(language, { maximumFractionDigits }).format(value)} ${unit}`
}

/** How long a download will take, no more exactly than anybody can know, so that the figure stays calm. */
export function formatTimeLeft(seconds: number, language: string, strings: Strings): string {
  const number = (value: number): string => new Intl.NumberFormat(language).format(value)
  if (seconds < 10) return strings.secondsLeft(number(Math.max(1, Math.ceil(seconds))))
  if (seconds < 90) return strings.secondsLeft(number(Math.ceil(seconds / 5) * 5))
  if (seconds < 90 * 60) return strings.minutesLeft(number(Math.ceil(seconds / 60)))
  return strings.hoursLeft(number(Math.ceil(seconds / 3600)))
}

/** A figure like `12 MB` of which two digits count. */
export function formatRate(bytesPerSecond: number, language: string, strings: Strings): string {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, bytesPerSecond))) - 1)
  return strings.perSecond(formatBytes(Math.round(bytesPerSecond / step) * step, language))
}
