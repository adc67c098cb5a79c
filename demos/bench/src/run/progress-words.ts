import type { Strings } from '../strings.ts'

/** What the runner says that it does, in the visitor's language; names of tests and engines are the same in all. */
export function doingText(doing: string, { measure }: Strings): string {
  const answers = /^(.+): answers$/.exec(doing)?.[1]
  if (answers !== undefined) return measure.answers(answers)
  return doing === 'what the device can do' ? measure.probing : measure.cell(doing)
}

export function leftText(seconds: number | undefined, { measure }: Strings): string {
  if (seconds === undefined) return ''
  return seconds < 90
    ? measure.secondsLeft(Math.max(5, Math.ceil(seconds / 5) * 5))
    : measure.minutesLeft(Math.ceil(seconds / 60))
}
