/** Reads a generator to its end and gives what it came to. */
export async function drain<R>(source: AsyncGenerator<unknown, R>): Promise<R> {
  for (;;) {
    const next = await source.next();
    if (next.done) return next.value;
  }
}
