import type { Page } from 'playwright'
import type { StoreLab } from './store-lab.ts'
import { openTestPage, type TestPage } from './test-page.ts'

/** What was thrown in a page's Worker. */
export interface Thrown {
  readonly name: string
  readonly message: string
  readonly code?: string
  readonly details?: Readonly<Record<string, unknown>>
}

export type Work<A, T> = (lab: StoreLab, argument: A) => T | Promise<T>

/** A page without a GPU that has the store's parts as `lab`. */
export async function openStorePage(): Promise<TestPage> {
  const test = await openTestPage({ webgpu: false, imports: false })
  await enterLab(test.page)
  return test
}

/** @param without JavaScript that takes something away, from the page and from its Workers */
export async function enterLab(page: Page, without = ''): Promise<void> {
  await page.evaluate(`{
    ${without}
    globalThis.without = ${JSON.stringify(without)}
    globalThis.startWork = (work, argument) => {
      const worker = new Worker('/src/test-support/store-lab-worker.ts', { type: 'module' })
      const told = []
      let heard = () => {}
      const done = new Promise((resolve) => {
        worker.onerror = (event) => resolve({ error: { name: 'worker', message: String(event.message) } })
        worker.onmessage = ({ data }) => {
          if ('told' in data) { told.push(data.told); heard(data.told) }
          else { worker.terminate(); resolve(data) }
        }
      })
      worker.postMessage({ work, argument, without })
      return { worker, told, done, hear: (listener) => { heard = listener } }
    }
  }`)
  await page.evaluate(
    "import('/src/test-support/store-lab.ts').then(({ lab }) => void Object.assign(globalThis, { lab }))",
  )
}

/** In a Worker of its own. What it throws is given back. */
export async function attemptInWorker<A, T>(
  page: Page,
  work: Work<A, T>,
  argument: A,
): Promise<{ readonly result?: T; readonly error?: Thrown }> {
  return page.evaluate(`startWork(${JSON.stringify(String(work))}, ${JSON.stringify(argument)}).done`)
}

/** In a Worker of its own. @throws Error with the message of what is thrown there */
export async function inWorker<A, T>(page: Page, work: Work<A, T>, argument: A): Promise<T | undefined> {
  const { result, error } = await attemptInWorker(page, work, argument)
  if (error) throw new Error(`${error.name}: ${error.message}`)
  return result
}

/** In the page itself. */
export function inPage<A, T>(page: Page, work: Work<A, T>, argument: A): Promise<T> {
  return page.evaluate(`(${String(work)})(lab, ${JSON.stringify(argument)})`)
}

/** Two tabs of one visitor, who has nothing stored yet. */
export async function openTwoTabs(test: TestPage, without = ''): Promise<readonly [Page, Page]> {
  const context = await test.page.context().browser()?.newContext()
  if (!context) throw new Error('no browser')
  const open = async (): Promise<Page> => {
    const page = await context.newPage()
    await page.goto(test.page.url())
    await enterLab(page, without)
    return page
  }
  return [await open(), await open()]
}
