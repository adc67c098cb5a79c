import type { Browser } from 'playwright'

/** A tab that is hidden when another is in front: pages of Playwright believe that they are always looked at. */
export interface Tab {
  /** The value of an expression, once it has one. The tab may be frozen. */
  evaluate(expression: string): Promise<unknown>
  toFront(): Promise<void>
  setFrozen(frozen: boolean): Promise<void>
}

interface Answer {
  readonly id?: number
  readonly error?: { readonly message: string }
  readonly result?: {
    readonly result?: { readonly value?: unknown }
    readonly exceptionDetails?: { readonly exception?: { readonly description?: string } }
  }
}

/** Opens `url` in a tab of its own, in front, that Playwright does not know. */
export async function openTab(browser: Browser, url: string): Promise<Tab> {
  const session = await browser.newBrowserCDPSession()
  const { targetId } = await session.send('Target.createTarget', { url })
  const { sessionId } = await session.send('Target.attachToTarget', { targetId, flatten: false })
  const waiting = new Map<number, (answer: Answer) => void>()
  session.on('Target.receivedMessageFromTarget', (event) => {
    const answer: Answer = JSON.parse(event.message)
    if (event.sessionId === sessionId && answer.id !== undefined) waiting.get(answer.id)?.(answer)
  })
  const send = async (method: string, params: Readonly<Record<string, unknown>> = {}): Promise<Answer['result']> => {
    const id = waiting.size + 1
    const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve))
    await session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method, params }) })
    const { error, result } = await answered
    if (error) throw new Error(`${method}: ${error.message}`)
    return result
  }
  const evaluate = async (expression: string): Promise<unknown> => {
    const answer = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })
    if (answer?.exceptionDetails) throw new Error(answer.exceptionDetails.exception?.description ?? 'thrown')
    return answer?.result?.value
  }
  // It begins as about:blank, whose context is gone when the page comes.
  while ((await evaluate('location.href').catch(() => undefined)) !== url)
    await new Promise((resolve) => setTimeout(resolve, 50))
  return {
    evaluate,
    toFront: async () => void (await session.send('Target.activateTarget', { targetId })),
    setFrozen: async (frozen) =>
      void (await send('Page.setWebLifecycleState', { state: frozen ? 'frozen' : 'active' })),
  }
}
