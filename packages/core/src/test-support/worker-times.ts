import { readdirSync, readFileSync } from 'node:fs'

const POLL_MS = 200
/** Of `/proc`, on every Linux. */
const TICKS_PER_SECOND = 100
/** Where a thread's `stat` says whose child its process is, and what it took as a program and in the kernel, counted behind its name. */
const [PARENT, USER, KERNEL] = [1, 11, 12]

/** What the Workers of this process's browsers take of the processors, however busy these are with other things. Linux only. */
export class WorkerTimes {
  readonly #seconds = new Map<string, number>()
  readonly #timer = setInterval(() => this.#poll(), POLL_MS)

  /** Seconds of each Worker that has lived meanwhile, the most first. */
  stop(): number[] {
    clearInterval(this.#timer)
    return [...this.#seconds.values()].toSorted((a, b) => b - a)
  }

  #poll(): void {
    for (const process of ownProcesses())
      for (const thread of numbersIn(`/proc/${process}/task`)) {
        const { name, fields } = statOf(`/proc/${process}/task/${thread}`)
        const ticks = Number(fields[USER]) + Number(fields[KERNEL])
        if (name === 'DedicatedWorker') this.#seconds.set(thread, ticks / TICKS_PER_SECOND)
      }
  }
}

function ownProcesses(): Set<string> {
  const own = new Set([String(process.pid)])
  const parents = numbersIn('/proc').map((id) => [id, statOf(`/proc/${id}`).fields[PARENT] ?? ''] as const)
  for (let before = 0; before < own.size; ) {
    before = own.size
    for (const [id, parent] of parents) if (own.has(parent)) own.add(id)
  }
  return own
}

function numbersIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
}

/** Empty where it has ended. */
function statOf(folder: string): { readonly name: string; readonly fields: readonly string[] } {
  try {
    const stat = readFileSync(`${folder}/stat`, 'utf8')
    const end = stat.lastIndexOf(')')
    return { name: stat.slice(stat.indexOf('(') + 1, end), fields: stat.slice(end + 2).split(' ') }
  } catch {
    return { name: '', fields: [] }
  }
}
