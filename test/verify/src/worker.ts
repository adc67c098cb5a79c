import type { VerifyRequest } from './events.ts'
import { verify } from './verify.ts'

// As core does it: off the page's thread.
addEventListener('message', (message: MessageEvent<VerifyRequest>) => {
  void verify(message.data, (event) => postMessage(event))
})
