import { ChatDriver, expect, test, tinyModel } from './fixtures.ts'

test.beforeEach(async ({ page, origin }) => {
  await new ChatDriver(page).open(origin)
})

test('loads by URL, streams an answer, answers again with the conversation in mind', async ({ page, models }) => {
  const chat = new ChatDriver(page)
  await chat.load(models.url('none'))
  await chat.ask('Hello')
  await expect(chat.lastAnswer).toContainText('Hello from a very small boat.')
  await chat.ask('你好')
  await expect(chat.lastAnswer).toContainText('你好！小船也能远航。🚣')
  await expect(chat.lastAnswer).toContainText(/[\d.]+ tokens\/s · first token [\d.]+ s · \d+ tokens/)
  await expect(chat.log.getByRole('article')).toHaveCount(4)
})

test('stops with Escape, keeps what was said, and answers the next question', async ({ page, models }) => {
  const chat = new ChatDriver(page)
  await chat.load(models.url('none'))
  await chat.stopAt('row your boat', 'Escape')
  await chat.send('Sing')
  await expect(chat.lastAnswer).toContainText('stopped')
  await expect(chat.lastAnswer).toContainText('Row, row, row your boat')
  await expect(page.getByRole('button', { name: 'Send' })).toBeVisible()
  await page.getByRole('button', { name: 'New chat' }).click()
  await expect(chat.log.getByRole('article')).toHaveCount(0)
  await chat.ask('Thanks')
  await expect(chat.lastAnswer).toContainText('Fair winds!')
})

test('stops with the button, and at the longest answer allowed', async ({ page, models }) => {
  const chat = new ChatDriver(page)
  await chat.load(models.url('none'))
  await chat.stopAt('row your boat', 'button')
  await chat.send('Sing')
  await expect(chat.lastAnswer).toContainText('stopped')
  await page.getByRole('button', { name: 'Settings' }).click()
  await page.getByLabel('Longest answer, in tokens').fill('5')
  await page.getByLabel('Temperature').fill('0')
  await page.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('button', { name: 'New chat' }).click()
  await chat.ask('Sing')
  await expect(chat.lastAnswer).toContainText('stopped at the longest answer')
  await expect(chat.lastAnswer).toContainText('5 tokens')
})

test('shows fenced code apart, and everything else as it was written', async ({ page, models }) => {
  const chat = new ChatDriver(page)
  await chat.load(models.url('none'))
  await chat.ask('Write code')
  await expect(chat.lastAnswer.locator('pre code')).toHaveText("const boat = 'sampan'\n")
  await expect(chat.lastAnswer.locator('figcaption')).toContainText('js')
  await expect(chat.lastAnswer).toContainText('Done.')
})

test('loads a file from disk', async ({ page }) => {
  const chat = new ChatDriver(page)
  await page.locator('input[type=file]').first().setInputFiles(tinyModel)
  await chat.ask('Hello')
  await expect(chat.lastAnswer).toContainText('Hello from a very small boat.')
})

test('a load can be cancelled, and another model loaded after a first', async ({ page, models }) => {
  const chat = new ChatDriver(page)
  await chat.name(models.url('slow'))
  await chat.download.click()
  await expect(page.getByRole('progressbar')).toBeVisible()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('button', { name: 'Choose a file' })).toBeVisible()
  await expect(page.getByRole('alert')).toHaveCount(0)
  await expect(chat.address).toHaveValue(models.url('slow'))
  await expect(chat.address).toBeFocused()
  await chat.load(models.url('none'))
  await page.getByRole('button', { name: 'Load another model' }).click()
  await chat.load(models.url('none'))
  await chat.ask('Hello')
  await expect(chat.lastAnswer).toContainText('small boat')
})

test('keeps settings and the last source over a reload', async ({ page, models }) => {
  const chat = new ChatDriver(page)
  await chat.load(models.url('none'))
  await page.getByRole('button', { name: 'Settings' }).click()
  await page.getByLabel('Language').selectOption('zh-Hans')
  await page.getByRole('button', { name: '关闭' }).click()
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hans')
  // It is on this device now, and so loads by itself.
  await expect(page.getByRole('textbox', { name: '消息' })).toBeVisible()
  await expect(page.getByRole('button', { name: /^tiny.gguf/ })).toBeVisible()
})

test('Enter while an input method composes does not send, Shift+Enter breaks the line', async ({ page, models }) => {
  const chat = new ChatDriver(page)
  await chat.load(models.url('none'))
  await chat.message.fill('你好')
  await chat.message.dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true })
  await expect(chat.message).toHaveValue('你好')
  await chat.message.press('Shift+Enter')
  await expect(chat.message).toHaveValue('你好\n')
  await expect(chat.log.getByRole('article')).toHaveCount(0)
})

test('a conversation longer than the model can keep in mind is begun anew', async ({ page, models }) => {
  const chat = new ChatDriver(page)
  await chat.load(models.url('none'))
  await chat.send('row '.repeat(3_000))
  await expect(page.getByRole('alert')).toHaveAttribute('data-code', 'context-length-exceeded')
  await page.getByRole('button', { name: 'Start a new chat' }).click()
  await expect(chat.log.getByRole('article')).toHaveCount(0)
  await chat.ask('Hello')
  await expect(chat.lastAnswer).toContainText('small boat')
})

test('fields and buttons are named by their labels, and described by their hints', async ({ page }) => {
  await expect(page.getByRole('button', { name: 'Choose a file', exact: true })).toHaveAccessibleDescription('GGUF')
  await page.getByRole('button', { name: 'Settings' }).click()
  const system = page.getByRole('textbox', { name: 'System message', exact: true })
  await expect(system).toHaveAccessibleDescription(/Said to the model/)
})

test('on a touch screen no keyboard opens over the answer', async ({ browser, origin, models }) => {
  const context = await browser.newContext({ hasTouch: true, isMobile: true, viewport: { width: 360, height: 640 } })
  const page = await context.newPage()
  const chat = new ChatDriver(page)
  await chat.open(origin)
  await chat.load(models.url('none'))
  await chat.message.fill('Hello')
  await page.getByRole('button', { name: 'Send' }).click()
  await expect(chat.lastAnswer).toContainText('tokens/s')
  await expect(chat.message).not.toBeFocused()
  await page.getByRole('button', { name: 'Settings' }).click()
  await expect(page.getByRole('button', { name: 'Close' })).toBeInViewport({ ratio: 1 })
  await context.close()
})

test('fits a phone of 360 pixels', async ({ page, models }) => {
  await page.setViewportSize({ width: 360, height: 640 })
  const chat = new ChatDriver(page)
  await chat.load(models.url('none'))
  await chat.ask('Write code')
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(overflow).toBe(0)
  const box = await page.getByRole('button', { name: 'Send' }).boundingBox()
  expect(box && box.x + box.width).toBeLessThanOrEqual(360)
})
