import type { Page } from 'playwright/test'
import { ChatDriver, expect, test } from './fixtures.ts'

/** A machine that does other work at the same time can stop any page for a moment: the best of these runs counts. */
const attempts = 3

test('no task on the page takes over 50 ms while a model loads and answers', async ({ browser, origin, models }) => {
  let seen: string[] = []
  for (let attempt = 0; attempt < attempts; attempt++) {
    // What the attempt before has kept would load by itself.
    const context = await browser.newContext()
    const page = await context.newPage()
    await watchLongTasks(page)
    const chat = new ChatDriver(page)
    await chat.open(origin)
    await expect(page.getByRole('button', { name: 'Choose a file' })).toBeVisible()
    // Starting a page is not what is measured.
    await page.evaluate(() => {
      Reflect.get(globalThis, 'longTasks').length = 0
    })
    await chat.load(models.url('none'))
    await chat.ask('What is a sampan?')
    await chat.ask('Write code')
    seen = await page.evaluate(() => Reflect.get(globalThis, 'longTasks'))
    await context.close()
    if (seen.length === 0) break
  }
  expect(seen).toEqual([])
})

async function watchLongTasks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const tasks: string[] = []
    Reflect.set(globalThis, 'longTasks', tasks)
    new PerformanceObserver((list) => {
      for (const { duration, startTime } of list.getEntries()) tasks.push(`${duration} ms at ${startTime}`)
    }).observe({ type: 'longtask' })
  })
}
