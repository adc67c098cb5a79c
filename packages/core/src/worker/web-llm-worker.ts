import { webLlmBackend } from '@sampan/backends/web-llm'
import { serve } from './serve.ts'
import { splitThoughts } from './split-thoughts.ts'

serve(splitThoughts(webLlmBackend))
