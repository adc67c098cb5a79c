import './style.css'
import { ChatPage } from './chat-page.ts'
import { readSettings } from './settings.ts'
import { readKeptSource } from './source.ts'
import { checkWebGpu } from './webgpu-check.ts'

const [settings, kept, gpu] = await Promise.all([readSettings(), readKeptSource(), checkWebGpu()])
new ChatPage(settings, kept, gpu)
