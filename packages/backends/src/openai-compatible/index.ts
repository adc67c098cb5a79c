export { BackendError } from '../backend-error.ts'
export { connectToServer, type ServerOptions } from './connect.ts'
export { RemoteModel, type RemoteModelInfo } from './remote-model.ts'
export type { ServerKind } from './server-kind.ts'
