import { ChatDriver, expect, test } from './fixtures.ts'

const examples = {
  en: [
    'What can you do?',
    'Remember my name',
    'Ask it back',
    'A sum, thinking',
    'Fill a form',
    'Receipt → JSON',
    'Sort under a label',
    'Suggest replies',
    'Call a tool',
    'Too much for it',
  ],
  zh: [
    '你能做什么？',
    '记住我的名字',
    '再问回来',
    '算一算',
    '填表',
    '小票 → JSON',
    '分类',
    '建议回复',
    '调用工具',
    '超出能力',
  ],
} as const

test('a first visit loads Pocket from this origin alone, and every example is answered', async ({ page, origin }) => {
  const foreign: string[] = []
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.origin !== origin && url.protocol.startsWith('http')) foreign.push(url.href)
  })
  const chat = new ChatDriver(page)
  await chat.visit(origin)
  for (const name of examples.en) await chat.tryExample(name)
  await expect(chat.log.getByRole('article')).toHaveCount(2 * examples.en.length)
  await expect(chat.log).not.toContainText(/<\/?think>|<\/?tool_call>|<\|/)
  for (const answer of await chat.log.locator('.answer > .text').all()) await expect(answer).toContainText(/\S/)
  expect(foreign).toEqual([])
})

test('the same in Chinese', async ({ browser, origin }) => {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 360, height: 740 } })
  const chat = new ChatDriver(await context.newPage())
  await chat.visit(origin)
  for (const name of examples.zh) await chat.tryExample(name)
  await expect(chat.log.getByRole('article')).toHaveCount(2 * examples.zh.length)
  await context.close()
})

test('it computes on WebGPU where that is asked for, and says on what', async ({ page, origin }) => {
  const chat = new ChatDriver(page)
  await chat.visit(origin, '?compute=webgpu')
  await chat.ask('Hello')
  await expect(chat.lastAnswer).toContainText('software WebGPU')
  await page.getByRole('button', { name: 'Pocket, software WebGPU: about this model' }).click()
  await expect(page.getByRole('dialog')).toContainText('imitates a GPU')
  await expect(page.getByRole('dialog')).toContainText('Apache-2.0')
  await page.getByText('Results, measured').click()
  await expect(page.getByRole('dialog').locator('.card-text').getByRole('table').first()).toBeVisible()
})

test('a thought is folded, and opens by keyboard', async ({ page, origin }) => {
  const chat = new ChatDriver(page)
  await chat.visit(origin)
  await chat.tryExample('A sum, thinking')
  const thought = chat.lastAnswer.locator('details')
  await expect(thought).not.toHaveAttribute('open')
  await expect(thought.locator('.text')).toBeHidden()
  await thought.locator('summary').press('Enter')
  await expect(thought.locator('.text')).toContainText(/\S/)
  await page.getByRole('button', { name: 'Settings' }).click()
  await page.getByLabel('Think before answering').selectOption('no')
  await page.getByRole('button', { name: 'Close' }).click()
  await chat.tryExample('A sum, thinking')
  await expect(chat.lastAnswer.locator('.text')).toContainText(/\S/)
  await expect(chat.lastAnswer.locator('details')).toHaveCount(0)
})

for (const { locale, example, says, hint, followUp, fresh } of [
  {
    locale: 'en-US',
    example: 'Call a tool',
    says: 'Wants to call get_weather',
    hint: 'An app would now run this',
    followUp: 'Thank you',
    fresh: 'Remember my name',
  },
  {
    locale: 'zh-CN',
    example: '调用工具',
    says: '想调用 get_weather',
    hint: '应用这时会执行它',
    followUp: '谢谢',
    fresh: '记住我的名字',
  },
]) {
  test(`a call of a tool is a card, and the conversation goes on after it (${locale})`, async ({ browser, origin }) => {
    const context = await browser.newContext({ locale })
    const page = await context.newPage()
    const chat = new ChatDriver(page)
    await chat.visit(origin)
    await chat.tryExample(example)
    const card = chat.lastAnswer.getByRole('figure')
    await expect(card).toHaveCount(1)
    await expect(card).toContainText(says)
    await expect(card).toContainText(hint)
    expect(JSON.parse((await card.locator('pre').textContent()) ?? '')).toMatchObject({
      city: expect.stringMatching(/Oslo|奥斯陆/),
    })
    await expect(page.getByRole('status')).toHaveText(/waits for a tool|等待工具/)
    const answered = chat.log.getByText(/tokens\/s|个词元/)
    await chat.send(followUp)
    await expect(answered).toHaveCount(2)
    await expect(page.getByRole('alert')).toHaveCount(0)
    await expect(chat.log.locator('.break')).toHaveCount(0)
    await chat.tryExample(fresh)
    await expect(chat.log.locator('.break')).toHaveCount(1)
    await context.close()
  })
}

test('it answers with the network cut', async ({ page, context, origin }) => {
  const chat = new ChatDriver(page)
  await chat.visit(origin)
  await context.setOffline(true)
  await chat.ask('Hello')
  await expect(chat.lastAnswer.locator('.text')).toContainText(/\S/)
  await page.getByRole('button', { name: 'New chat' }).click()
  await chat.tryExample('Suggest replies')
})

test('who saves data is asked first, and nothing of it is fetched before', async ({ page, origin }) => {
  const weights: string[] = []
  page.on('request', (request) => {
    if (request.url().includes('.gguf')) weights.push(request.url())
  })
  const chat = new ChatDriver(page)
  await chat.open(origin)
  await expect(page.getByText('Pocket, 7 MB')).toBeVisible()
  expect(weights).toEqual([])
  await page.getByRole('button', { name: 'Start with Pocket' }).click()
  await chat.ask('Hello')
  expect(weights.length).toBeGreaterThan(0)
})

test('a file that is dropped while Pocket loads takes its place', async ({ page, context, origin, models }) => {
  // Never answered: Pocket would load for ever.
  await context.route(/pocket[^/]*\.gguf/, () => undefined)
  await page.goto(`${origin}/chat/?compute=cpu`)
  await expect(page.getByRole('progressbar')).toBeVisible()
  await page.evaluate(async (url) => {
    // A script's drop has no handles.
    Reflect.deleteProperty(DataTransferItem.prototype, 'getAsFileSystemHandle')
    const file = new File([await (await fetch(url)).blob()], 'tiny.gguf')
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(file)
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
  }, models.url('none'))
  const chat = new ChatDriver(page)
  await chat.ask('Hello')
  await expect(chat.lastAnswer).toContainText('small boat')
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('a conversation longer than it can keep in mind goes on without its beginning', async ({ page, origin }) => {
  const chat = new ChatDriver(page)
  await chat.visit(origin)
  const long = Array.from({ length: 70 }, (_, index) => `row ${index}`).join(', ')
  for (let turn = 0; turn < 3; turn++) await chat.ask(`${turn}: ${long}`)
  await expect(chat.log).toContainText('no longer fitted and was left out')
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('another model is one click away, and Pocket one click back', async ({ page, origin, models }) => {
  const chat = new ChatDriver(page)
  await chat.visit(origin)
  await page.getByRole('button', { name: 'Load another model' }).click()
  await chat.load(models.url('none'))
  await expect(page.getByRole('navigation', { name: 'Examples to try' })).toHaveCount(0)
  await chat.ask('Hello')
  await expect(chat.lastAnswer).toContainText('small boat')
  await page.getByRole('button', { name: /about this model/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Load another model' }).click()
  await page.getByRole('button', { name: 'Start with Pocket' }).click()
  await expect(page.getByRole('navigation', { name: 'Examples to try' })).toBeVisible()
})

test('fits a phone: everything within 360 pixels, examples at most a swipe away', async ({ page, origin }) => {
  await page.setViewportSize({ width: 360, height: 740 })
  const chat = new ChatDriver(page)
  await chat.visit(origin)
  for (const name of [examples.en[0], examples.en[9]])
    await expect(page.getByRole('button', { name, exact: true })).toBeInViewport({ ratio: 1 })
  await chat.tryExample('Call a tool')
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(overflow).toBe(0)
  await page.getByRole('button', { name: examples.en[9], exact: true }).scrollIntoViewIfNeeded()
  await expect(chat.message).toBeInViewport({ ratio: 1 })
})
