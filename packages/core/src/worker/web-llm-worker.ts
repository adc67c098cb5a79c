import { webLlmBackend } from '@sampan/backends/web-llm'
import { serve } from './serve.ts'

serve(webLlmBackend)
