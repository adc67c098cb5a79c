import { serveStore } from '../acquire/serve-store.ts'

serveStore()
