/** What `source` yields, changed on its way; what it returns, as it is. Closing it closes the source. */
export async function* mapBatches<A, B, R>(
  source: AsyncGenerator<A, R>,
  change: (batch: A) => B,
): AsyncGenerator<B, R> {
  let isOpen = true;
  try {
    for (;;) {
      const next = await source.next();
      if (next.done) {
        isOpen = false;
        return next.value;
      }
      yield change(next.value);
    }
  } finally {
    if (isOpen) await source.return(undefined as never);
  }
}
