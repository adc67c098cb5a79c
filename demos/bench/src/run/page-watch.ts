/** A stretch of time on the page's clock, in milliseconds. */
export interface Stretch {
  readonly start: number
  readonly end: number
}

export interface FrameFigures {
  readonly frames: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly maxMs: number
}

/** Intervals between frames that touch one of the stretches; undefined where hardly one does. */
export function frameFigures(frames: readonly number[], stretches: readonly Stretch[]): FrameFigures | undefined {
  const intervals: number[] = []
  let at = 0
  for (const [index, time] of frames.entries()) {
    const before = frames[index - 1]
    if (before === undefined) continue
    while ((stretches[at]?.end ?? Number.POSITIVE_INFINITY) <= before) at++
    const stretch = stretches[at]
    if (stretch && stretch.start < time) intervals.push(time - before)
  }
  if (intervals.length < LEAST_INTERVALS) return undefined
  intervals.sort((a, b) => a - b)
  const quantile = (share: number) =>
    intervals[Math.min(intervals.length - 1, Math.floor(share * intervals.length))] ?? 0
  return { frames: intervals.length, p50Ms: quantile(0.5), p95Ms: quantile(0.95), maxMs: quantile(1) }
}

const LEAST_INTERVALS = 5

/** Tasks of the page's main thread over 50 ms that touch one of the stretches. */
export function longTaskFigures(
  tasks: readonly Stretch[],
  stretches: readonly Stretch[],
): { readonly count: number; readonly ms: number } {
  const touching = tasks.filter((task) => stretches.some(({ start, end }) => task.start < end && task.end > start))
  return { count: touching.length, ms: touching.reduce((sum, { start, end }) => sum + end - start, 0) }
}

/** Draws on a canvas in every frame, and keeps when: a page that stutters while a model works is seen in it. */
export class PageWatch {
  readonly frames: number[] = []
  /** Absent where the browser does not tell of them. */
  readonly tasks: Stretch[] | undefined
  readonly #context: CanvasRenderingContext2D | null
  #observer: PerformanceObserver | undefined
  #request = 0

  constructor(canvas: HTMLCanvasElement) {
    this.#context = canvas.getContext('2d')
    const tells = PerformanceObserver.supportedEntryTypes.includes('longtask')
    this.tasks = tells ? [] : undefined
  }

  start(): void {
    const draw = (): void => {
      // By the clock that also times the stretches.
      this.frames.push(performance.now())
      this.#draw(performance.now())
      this.#request = requestAnimationFrame(draw)
    }
    this.#request = requestAnimationFrame(draw)
    if (!this.tasks) return
    this.#observer = new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries())
        this.tasks?.push({ start: startTime, end: startTime + duration })
    })
    this.#observer.observe({ type: 'longtask' })
  }

  stop(): void {
    cancelAnimationFrame(this.#request)
    this.#observer?.disconnect()
  }

  #draw(now: number): void {
    const context = this.#context
    if (!context) return
    const { width, height } = context.canvas
    context.clearRect(0, 0, width, height)
    context.strokeStyle = getComputedStyle(context.canvas).color
    context.lineWidth = 3
    context.beginPath()
    for (let x = 0; x <= width; x += 4) {
      const y = height / 2 + Math.sin(x / 28 + now / 400) * height * 0.25
      if (x === 0) context.moveTo(x, y)
      else context.lineTo(x, y)
    }
    context.stroke()
  }
}
