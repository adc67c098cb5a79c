/** From where, for whom and with what a model is loaded, beyond its name. */
export interface SourceOptions {
  /** `modelscope`, or the address of a mirror. Absent: Hugging Face. */
  readonly hub?: string
  /** In the memory of this page alone: it is never kept. */
  readonly token?: string
  /** A LoRA adapter: a repository or a URL. */
  readonly adapter?: string
}

/** What may be kept between visits; undefined where that is nothing. */
export function keptOptions({ hub, adapter }: SourceOptions = {}): SourceOptions | undefined {
  if (hub === undefined && adapter === undefined) return undefined
  return { ...(hub !== undefined && { hub }), ...(adapter !== undefined && { adapter }) }
}

/** What was kept, by this version or another. */
export function readOptions(kept: unknown): SourceOptions | undefined {
  if (typeof kept !== 'object' || kept === null) return undefined
  const text = (name: keyof SourceOptions): string | undefined => {
    const value: unknown = Object.getOwnPropertyDescriptor(kept, name)?.value
    return typeof value === 'string' ? value : undefined
  }
  const [hub, adapter] = [text('hub'), text('adapter')]
  return keptOptions({ ...(hub !== undefined && { hub }), ...(adapter !== undefined && { adapter }) })
}

/** Of something that is offered in its place: from the same hub, for the same visitor. */
export function withOptionsOf<T extends object>(
  offered: T,
  { options }: { readonly options?: SourceOptions },
): T & { readonly options?: SourceOptions } {
  return options ? { ...offered, options } : offered
}

/** Whether what is asked for is the adapter, and not its model. @param asked as the library calls it */
export function namesAdapter(asked: string, { adapter }: SourceOptions = {}): boolean {
  if (adapter === undefined) return false
  const plain = adapter.replace(/[?#].*$/s, '').replace(/\/+$/, '')
  return plain.toLowerCase() === asked.replace(/\/+$/, '').toLowerCase()
}
