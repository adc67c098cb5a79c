import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { serveLargeModel } from '../../packages/core/src/test-support/serve-large-model.ts'
import { startHub } from '../faults/index.ts'
import { ChatDriver, expect, test, tinyModel } from './fixtures.ts'

test('nothing is downloaded before the visitor has seen what it costs, and has agreed', async ({
  page,
  origin,
  models,
}) => {
  const chat = new ChatDriver(page)
  await chat.open(origin)
  await chat.name(models.url('none'))
  const card = page.getByRole('region', { name: 'Download tiny.gguf?' })
  await expect(card.getByRole('heading', { level: 2 })).toBeFocused()
  await expect(card).toContainText('To download0.1 MB')
  await expect(card.locator('[data-code=metered]')).toContainText('You save data')
  await expect(card.locator('[data-code=software-adapter]')).toContainText('no GPU')
  await page.keyboard.press('Escape')
  await expect(chat.address).toHaveValue(models.url('none'))
  await expect(page.getByRole('alert')).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Manage them' })).toBeHidden()
  await chat.name(models.url('none'))
  await page.getByRole('button', { name: 'Not now' }).click()
  await chat.load(models.url('none'))
  await chat.ask('Hello')
  await expect(chat.lastAnswer).toContainText('small boat')
  await page.getByRole('button', { name: /about this model/ }).click()
  const about = page.getByRole('dialog')
  await expect(about).toContainText('Apache-2.0')
  await about.getByText('Files, with SHA-256 (1)').click()
  await expect(about.locator('.files code')).toHaveText(/^[0-9a-f]{64}$/)
})

test('of a model of the hub it is told whose it is, and smaller ones are a click away', async ({
  page,
  context,
  origin,
}) => {
  const hub = await startHub()
  const weights = readFileSync(tinyModel)
  hub.add('org/boat-GGUF', {
    card: { license: 'mit', base_model: 'org/boat' },
    readme: '# Boat\n\nA model that knows boats of every size, and tells what they are good for in a few words.\n',
    files: { 'boat-Q8_0.gguf': Buffer.concat([weights, Buffer.alloc(3e6)]), 'boat-Q4_0.gguf': weights },
  })
  await context.route('https://huggingface.co/**', async (route) => {
    const { pathname, search } = new URL(route.request().url())
    await route.fulfill({ response: await route.fetch({ url: hub.url + pathname + search }) })
  })
  const chat = new ChatDriver(page)
  await chat.open(origin)
  await chat.name('org/boat-GGUF:boat-Q8_0.gguf')
  const card = page.getByRole('region', { name: /^Download/ })
  for (const text of ['mit', 'org/boat', 'A model that knows boats of every size', '3.1 MB'])
    await expect(card).toContainText(text)
  await card.getByRole('button', { name: /^boat-Q4_0.gguf/ }).click()
  await expect(card).toContainText('Download boat-Q4_0.gguf?')
  await chat.download.click()
  await chat.ask('Hello')
  await expect(chat.lastAnswer).toContainText('small boat')
  await page.getByRole('button', { name: /about this model/ }).click()
  for (const text of ['mit', 'org/boat', 'A model that knows boats of every size'])
    await expect(page.getByRole('dialog')).toContainText(text)
  await hub.close()
})

test('in Chinese on a small phone', async ({ browser, origin, models }) => {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 320, height: 568 } })
  const page = await context.newPage()
  const chat = new ChatDriver(page)
  await chat.open(origin)
  await page.getByLabel('网址或 Hugging Face 仓库').fill(models.url('none'))
  await page.getByRole('button', { name: '加载', exact: true }).click()
  await expect(page.locator('[data-code=metered]')).toContainText('省流量')
  for (const name of ['暂不', /^下载/]) await expect(page.getByRole('button', { name })).toBeInViewport({ ratio: 1 })
  const overflow = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    return scrollWidth - clientWidth
  })
  expect(overflow).toBe(0)
  await context.close()
})

test('a download that is stopped is kept, and goes on from where it was', async ({ page, context, origin }) => {
  const { server } = await serveLargeModel()
  // On no machine is it over before it can be stopped.
  await context.route('**/model.safetensors', async (route) => {
    await setTimeout(300)
    await route.continue()
  })
  const chat = new ChatDriver(page)
  await chat.open(origin)
  await chat.name(`${server.url}/large/`)
  await chat.download.click()
  await expect(page.locator('.amount')).toHaveText(/^([4-9]\d|\d{3}) MB of/)
  await page.getByRole('button', { name: 'Cancel' }).click()
  const stopped = page.getByRole('status').filter({ hasText: 'are kept on this device' })
  await expect(stopped).toBeFocused()
  const [, kept = 'nothing'] = /: ([\d.]+ MB) of/.exec((await stopped.textContent()) ?? '') ?? []
  expect(Number.parseFloat(kept)).toBeGreaterThan(0)
  await stopped.getByRole('button', { name: 'Go on' }).click()
  const card = page.getByRole('region', { name: /^Download/ })
  await expect(card).toContainText(`MB; ${kept} are here already`)
  await card.getByRole('button', { name: 'Not now' }).click()
  await page.getByRole('button', { name: 'Manage them' }).click()
  await expect(page.getByRole('dialog')).toContainText(`${kept} of`)
  await server.close()
})

test('models that are kept are listed, saved as files, deleted, and added again', async ({ page, origin, models }) => {
  const chat = new ChatDriver(page)
  await chat.open(origin)
  await chat.load(models.url('none'))
  await page.getByRole('button', { name: 'Settings' }).click()
  await page.getByRole('button', { name: 'Models on this device' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('that this site may use')
  const saved = page.waitForEvent('download')
  await dialog.getByRole('button', { name: 'Save tiny.gguf as a file' }).click()
  const file = await (await saved).path()
  // It is loaded.
  const remove = async (): Promise<void> => {
    await dialog.getByRole('button', { name: 'Delete tiny.gguf' }).click()
    await expect(dialog.getByRole('button', { name: 'Keep' })).toBeFocused()
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click()
  }
  await remove()
  await expect(dialog.getByRole('alert')).toHaveAttribute('data-code', 'model-in-use')
  await dialog.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('button', { name: 'Load another model' }).click()
  await page.getByRole('button', { name: 'Manage them' }).click()
  await remove()
  await expect(dialog).toContainText('tiny.gguf is deleted.')
  await expect(dialog).toContainText('None yet.')
  const name = 'tiny.sampan'
  await dialog.locator('input[type=file]').setInputFiles({ name, mimeType: '', buffer: readFileSync(file) })
  await expect(dialog).toContainText('is on this device now.')
  models.requests.length = 0
  await dialog.getByRole('button', { name: 'Load tiny.gguf' }).click()
  await chat.ask('Hello')
  await expect(chat.lastAnswer).toContainText('small boat')
  expect(models.requests).toEqual([])
  await page.getByRole('button', { name: 'Settings' }).click()
  await page.getByRole('button', { name: 'Models on this device' }).click()
  const buffer = readFileSync(file).subarray(0, 50_000)
  await dialog.locator('input[type=file]').setInputFiles({ name, mimeType: '', buffer })
  await expect(dialog.getByRole('alert')).toHaveAttribute('data-code', /^file-/)
})

test('after a load that ended the page nothing loads by itself, until the visitor says so', async ({
  page,
  origin,
  models,
}) => {
  const chat = new ChatDriver(page)
  await chat.open(origin)
  await chat.load(models.url('none'))
  const crash = { key: models.url('none'), name: 'tiny', bytes: 5e8, at: Date.now(), times: 1 }
  await page.evaluate((mark) => localStorage.setItem('sampan.crashes', JSON.stringify([mark])), crash)
  await page.reload()
  await expect(page.getByRole('alert')).toHaveAttribute('data-code', 'crashed-last-time')
  await expect(page.getByRole('alert')).toContainText('The page ended without a word')
  await expect(page.getByRole('button', { name: 'Start with Pocket' })).toBeVisible()
  await page.getByRole('button', { name: 'Load it all the same' }).click()
  await chat.ask('Hello')
  await expect(chat.lastAnswer).toContainText('small boat')
  await page.reload()
  await expect(chat.message).toBeVisible()
})
