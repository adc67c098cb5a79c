import { sampanBackend } from '../sampan/sampan-backend.ts'
import { serve } from './serve.ts'

serve(sampanBackend)
