import { ChatDriver, expect, test } from './fixtures.ts'

const cases = [
  { fault: 'truncated', says: /truncat|cut short|end of the file|past the end/i },
  { fault: 'wrong-magic', says: /GGUF/ },
  { fault: 'absurd-counts', says: /tensor/i },
  { fault: 'missing', says: /no such|not found|404/i },
  { fault: 'forbidden', says: /403|login|refus/i },
  { fault: 'no-range', says: /range/i },
  { fault: 'cut', says: /connection|network/i },
] as const

for (const { fault, says } of cases) {
  test(`${fault}: the page says what is wrong and stays usable`, async ({ page, origin, models }) => {
    const chat = new ChatDriver(page)
    await chat.open(origin)
    await chat.name(models.url(fault))
    await expect(page.getByRole('alert')).toContainText('The model could not be loaded')
    await expect(page.getByRole('alert')).toContainText(says)
    await chat.load(models.url('none'))
    await chat.ask('Hello')
    await expect(chat.lastAnswer).toContainText('small boat')
  })
}

test('a connection that is cut once per read is taken up again', async ({ page, origin, models }) => {
  const chat = new ChatDriver(page)
  await chat.open(origin)
  await chat.load(models.url('cut-once'))
  await chat.ask('Hello')
  await expect(chat.lastAnswer).toContainText('small boat')
})

test('an address that is no model is refused', async ({ page, origin }) => {
  const chat = new ChatDriver(page)
  await chat.open(origin)
  await chat.name('not a model at all')
  await expect(page.getByRole('alert')).toContainText('The model could not be loaded')
})
