import './style.css'
import { ChatPage } from './chat-page.ts'
import { findKept } from './kept-models.ts'
import { readSettings } from './settings.ts'
import { readKeptSource } from './source.ts'
import { checkWebGpu } from './webgpu-check.ts'

const [settings, last, gpu] = await Promise.all([readSettings(), readKeptSource(), checkWebGpu()])
const atHand = last?.kind === 'address' ? await findKept(last, settings) : undefined
new ChatPage({ settings, last, atHand, gpu })
