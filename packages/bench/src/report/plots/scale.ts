export interface Scale {
  /** Place in the picture. */
  at(value: number): number
  readonly ticks: readonly number[]
}

const STEPS = [1, 2, 5, 10] as const

/** From 0, or from `least`, to a round number from `most` on; `from` and `to` are places in the picture. */
export function linearScale(least: number, most: number, from: number, to: number, wanted = 4): Scale {
  const span = most > least ? most - least : Math.max(Math.abs(most), 1)
  const raw = span / wanted
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = power * (STEPS.find((factor) => factor * power >= raw) ?? 10)
  const low = Math.floor(least / step + 1e-9) * step
  const high = Math.max(low + step, Math.ceil((least + span) / step - 1e-9) * step)
  const count = Math.round((high - low) / step)
  return {
    at: (value) => from + ((value - low) / (high - low)) * (to - from),
    ticks: Array.from({ length: count + 1 }, (_, index) => Number((low + index * step).toPrecision(12))),
  }
}

/** Whole decades around what there is, with 2 and 5 between where there are few. Values are above 0. */
export function logarithmicScale(least: number, most: number, from: number, to: number): Scale {
  const low = Math.floor(Math.log10(least) + 1e-9)
  const high = Math.max(low + 1, Math.ceil(Math.log10(most) - 1e-9))
  const within = high - low <= 2 ? [1, 2, 5] : [1]
  const every = Math.ceil((high - low) / 6)
  const decades = Array.from({ length: high - low + 1 }, (_, index) => low + index).filter(
    (_, index) => index % every === 0,
  )
  const ticks = decades.flatMap((decade) => within.map((factor) => factor * 10 ** decade))
  return {
    at: (value) => from + ((Math.log10(Math.max(value, 10 ** low)) - low) / (high - low)) * (to - from),
    ticks: ticks.filter((tick) => tick <= 10 ** high * 1.000001),
  }
}

/** 1200 → 1.2k, 0.05 → 0.05 */
export function tickText(value: number): string {
  const [amount, unit] =
    Math.abs(value) >= 1e6 ? [value / 1e6, 'M'] : Math.abs(value) >= 1e4 ? [value / 1e3, 'k'] : [value, '']
  return `${Number(amount.toPrecision(4))}${unit}`
}
