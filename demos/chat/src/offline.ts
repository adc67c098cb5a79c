/** Lets the page open without a network: its own files are kept by a service worker. Not while it is being developed. */
export function keepOffline(): void {
  if (!import.meta.env.PROD) return
  const workers: Partial<ServiceWorkerContainer> | undefined = Reflect.get(navigator, 'serviceWorker') ?? undefined
  // Private windows refuse; the page is then as it would be without.
  workers?.register?.('./service-worker.js').catch(() => undefined)
}
