const encoder = new TextEncoder()

/**
 * The items as UTF-8, each made when it is asked for: a reader that pauses pauses what makes them. Cancelling returns the iterator, and so
 * does an item's failure; the stream then fails with it.
 */
export function readableBytes<T>(
  items: AsyncIterator<T, undefined>,
  write: (item: T) => string,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream(
    {
      async pull(controller) {
        const item = await items.next()
        if (item.done) controller.close()
        else controller.enqueue(encoder.encode(write(item.value)))
      },
      async cancel() {
        await items.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}
