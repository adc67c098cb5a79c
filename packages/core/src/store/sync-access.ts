import { patiently } from './patiently.ts'

/** A file's sync access handle, as far as Sampan uses it. Before 2023 browsers answered all but `read` and `write` by promises. */
export interface SyncAccess {
  write(bytes: Uint8Array<ArrayBuffer>, options: { readonly at: number }): number
  truncate(size: number): void | Promise<void>
  getSize(): number | Promise<number>
  flush(): void | Promise<void>
  close(): void | Promise<void>
}

interface SyncAccessible {
  createSyncAccessHandle(): Promise<SyncAccess>
}

/** In a Worker. */
export function hasSyncAccess(handle: object): handle is SyncAccessible {
  return 'createSyncAccessHandle' in handle
}

/** Undefined where there are none, which is outside of Workers. Waits a while for one that is open, as it may be of a tab that has died. */
export async function openSyncAccess(handle: FileSystemFileHandle): Promise<SyncAccess | undefined> {
  if (!hasSyncAccess(handle)) return undefined
  const accessible: SyncAccessible = handle
  return patiently(() => accessible.createSyncAccessHandle())
}
