import { WebWorkerMLCEngineHandler } from '@mlc-ai/web-llm'

const handler = new WebWorkerMLCEngineHandler()
addEventListener('message', (event: MessageEvent) => handler.onmessage(event))
