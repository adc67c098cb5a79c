import { type Remote, releaseProxy, wrap } from 'comlink'

/**
 * Comlink's proxy of a Worker. Comlink makes another for every access to a method, and a FinalizationRegistry tells it which were
 * collected: a page that was left and is kept to go back to is ended by Chromium where such a callback would run. So each is made once,
 * and is not told of after its release.
 */
export function wrapWorker<T>(worker: Worker): Remote<T> {
  const methods = new Map<PropertyKey, unknown>()
  return new Proxy(wrap<T>(worker), {
    get(remote, name) {
      if (name === releaseProxy)
        return () => {
          for (const proxy of [...methods.values(), remote]) Reflect.get(Object(proxy), releaseProxy)()
          methods.clear()
        }
      const method = methods.get(name) ?? Reflect.get(remote, name)
      methods.set(name, method)
      return method
    },
  })
}
