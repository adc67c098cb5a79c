import { ChatDriver, expect, test } from './fixtures.ts'

const cases = [
  { fault: 'truncated', code: 'file-truncated' },
  { fault: 'wrong-magic', code: 'not-a-model-file' },
  { fault: 'absurd-counts', code: 'file-limit-exceeded' },
  { fault: 'missing', code: 'source-not-found' },
  { fault: 'forbidden', code: 'source-forbidden' },
  { fault: 'cut', code: 'network-failed' },
] as const

for (const { fault, code } of cases) {
  test(`${fault}: the page says what is wrong and stays usable`, async ({ page, origin, models }) => {
    const chat = new ChatDriver(page)
    await chat.open(origin)
    await chat.name(models.url(fault))
    await expect(page.getByRole('alert')).toContainText('The model could not be loaded')
    await expect(page.getByRole('alert')).toHaveAttribute('data-code', code)
    await expect(page.getByRole('alert')).toBeFocused()
    await expect(chat.address).toHaveValue(models.url(fault))
    await chat.load(models.url('none'))
    await chat.ask('Hello')
    await expect(chat.lastAnswer).toContainText('small boat')
  })
}

for (const [what, fault] of [
  ['whose connections are cut once per read', 'cut-once'],
  ['that knows no ranges', 'no-range'],
] as const) {
  test(`a server ${what} serves a model all the same`, async ({ page, origin, models }) => {
    const chat = new ChatDriver(page)
    await chat.open(origin)
    await chat.load(models.url(fault))
    await chat.ask('Hello')
    await expect(chat.lastAnswer).toContainText('small boat')
  })
}

test('a failure is told in the page’s language, with the library’s own words marked as English', async ({
  browser,
  origin,
  models,
}) => {
  const context = await browser.newContext({ locale: 'zh-CN' })
  const page = await context.newPage()
  await new ChatDriver(page).open(origin)
  await page.getByLabel('网址或 Hugging Face 仓库').fill(models.url('missing'))
  await page.getByRole('button', { name: '加载', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('没有找到这个文件')
  await expect(page.getByRole('alert').locator('[lang=en]')).toContainText('404')
  await context.close()
})

test('an address that is no model is refused', async ({ page, origin }) => {
  const chat = new ChatDriver(page)
  await chat.open(origin)
  await chat.name('not a model at all')
  await expect(page.getByRole('alert')).toHaveAttribute('data-code', 'source-invalid')
})
