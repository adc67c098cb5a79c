import { wllamaBackend } from '../sampan/wllama-backend.ts'
import { serve } from './serve.ts'

serve(wllamaBackend)
