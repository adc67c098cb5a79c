export { BackendError } from '../backend-error.ts'
export { webLlmBackend } from './web-llm-backend.ts'
