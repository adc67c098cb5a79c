import type { ModelRecord } from '@mlc-ai/web-llm'

/** A file of the model that web-llm has put into its cache, parsed; undefined when it is not there. */
export async function cachedJson(
  record: ModelRecord,
  scope: 'webllm/config' | 'webllm/model',
  file: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const cache = await caches.open(scope)
    const base = record.model.replace(/\/$/, '')
    const key = (await cache.keys()).find(({ url }) => url.startsWith(`${base}/`) && url.endsWith(`/${file}`))
    const content: unknown = key && (await (await cache.match(key))?.json())
    return typeof content === 'object' && content !== null ? { ...content } : undefined
  } catch {
    return undefined
  }
}
