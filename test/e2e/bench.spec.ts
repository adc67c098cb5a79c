import { readFileSync, writeFileSync } from 'node:fs'
import { compareResults, readResult } from '@sampan/bench'
import type { Page } from 'playwright/test'
import { expect, test } from './fixtures.ts'

test.use({ viewport: { width: 360, height: 740 } })

test('a visitor on a phone measures, saves, and finds the file among the results', async ({
  page,
  origin,
}, testInfo) => {
  const outside: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !/^(blob|data):/.test(request.url())) outside.push(request.url())
  })
  await page.goto(`${origin}/bench/?test=pp16,tg8&samples=2`)
  await expect(page.getByText('Nothing is uploaded')).toBeVisible()
  await page.getByRole('textbox', { name: 'Your GPU (optional)' }).fill('A card of mine')
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await expect(page.getByRole('progressbar', { name: 'Progress' })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Done.' })).toBeFocused({ timeout: 150_000 })
  expect(await widthOf(page)).toBeLessThanOrEqual(360)

  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save JSON' }).click()
  const path = testInfo.outputPath('result.json')
  await (await saving).saveAs(path)
  const result = readResult(readFileSync(path, 'utf8'))
  expect(result.rows.map(({ engine, test, samples }) => [engine, test, samples.length])).toEqual([
    ['sampan', 'pp16', 2],
    ['sampan', 'tg8', 2],
  ])
  // How fast a program on the CPU is beside the probe on it says nothing: such a row may be refused.
  for (const { status } of result.rows) expect(['measured', 'refused']).toContain(status)
  for (const { derived } of result.rows) expect(derived?.flags).toContain('software-adapter')
  for (const { derived } of result.rows) expect(derived?.agreement).toBeGreaterThanOrEqual(0.98)
  expect(result.machine).toMatchObject({
    declaredGpu: 'A card of mine',
    runtime: { kind: 'browser', name: 'Chromium' },
  })
  expect(result.roofline?.copy.length).toBeGreaterThan(0)
  const decoded = result.rows[1]
  expect(decoded && 'longTasks' in decoded).toBe(true)

  // In another visit, that knows nothing of this one.
  await page.goto('about:blank')
  await page.goto(`${origin}/bench/#view=results`)
  const broken = testInfo.outputPath('broken.json')
  writeFileSync(broken, readFileSync(path, 'utf8').replace(/"median": [\d.]+/, '"median": 123456'))
  await page.getByLabel('Choose files').setInputFiles([path, broken])
  await expect(page.getByRole('alert')).toContainText('broken.json was not loaded.')
  await expect(page.getByText('2 rows of 1 run')).toBeVisible()
  await page.getByRole('combobox', { name: 'GPU' }).selectOption('A card of mine')
  await expect(page).toHaveURL(/gpu=A\+card\+of\+mine/)
  await page.goBack()
  await expect(page).not.toHaveURL(/gpu=/)
  expect(await widthOf(page)).toBeLessThanOrEqual(360)

  await page.getByRole('link', { name: 'Compare' }).click()
  for (const which of ['Base', 'Other'])
    await page.getByRole('combobox', { name: which }).selectOption({ label: await optionOf(page, which) })
  await expect(page.getByText('Nothing can be said.')).toContainText(compareResults(result, result).incomparable ?? '?')
  expect(outside).toEqual([])
})

test('a link brings its file, and one that cannot be read loses nothing', async ({ page, origin }) => {
  await page.goto(`${origin}/bench/?results=./nowhere.json`)
  await expect(page.getByRole('alert')).toContainText('The server answered 404.')
  await expect(page.getByRole('link', { name: 'Results' })).toHaveAttribute('aria-current', 'page')
  await page.getByRole('combobox', { name: 'Language' }).selectOption('zh-Hans')
  await expect(page.getByRole('link', { name: '结果', exact: true })).toHaveAttribute('aria-current', 'page')
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hans')
})

test('stopping keeps what there is', async ({ page, origin }) => {
  await page.goto(`${origin}/bench/?test=tg8&samples=500`)
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await expect(page.getByText('tg8 @ 0: sampan')).toBeVisible()
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect(page.getByRole('heading', { name: /^Stopped\./ })).toBeVisible()
  await expect(page.getByRole('table').first()).toContainText('ended early')
})

function widthOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth)
}

async function optionOf(page: Page, which: string): Promise<string> {
  return (await page.getByRole('combobox', { name: which }).getByRole('option').nth(1).textContent()) ?? ''
}
