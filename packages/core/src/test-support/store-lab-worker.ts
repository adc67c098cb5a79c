import { lab } from './store-lab.ts'

interface Task {
  /** A function of the lab and of `argument`, as text. */
  readonly work: string
  readonly argument: unknown
  /** JavaScript to be run before, which takes something away from this Worker. */
  readonly without: string
}

globalThis.onmessage = async ({ data }: MessageEvent<Task>) => {
  try {
    new Function(data.without)()
    const work: unknown = new Function(`return ${data.work}`)()
    if (typeof work !== 'function') throw new Error('no function')
    globalThis.postMessage({ result: await work(lab, data.argument) })
  } catch (error) {
    const { name, message, code, details } = Object(error)
    globalThis.postMessage({ error: { name, message: String(message ?? error), code, details } })
  }
}
