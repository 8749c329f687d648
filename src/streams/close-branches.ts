/**
 * Closes generators that may be at work, once `abort` has told them to stop, and throws what closing throws. What has not ended
 * after `graceMs` is not waited for.
 */
export async function closeBranches(
  streams: readonly AsyncGenerator<unknown, unknown>[],
  { graceMs, abort }: { readonly graceMs: number; readonly abort: () => void },
): Promise<void> {
  if (streams.length === 0) return;
  abort();
  let timer: NodeJS.Timeout | undefined;
  const grace = new Promise<PromiseSettledResult<unknown>[]>((resolve) => (timer = setTimeout(resolve, graceMs, [])));
  const closings = streams.map(async (stream) => await stream.return(undefined));
  try {
    const ends: PromiseSettledResult<unknown>[] = await Promise.race([Promise.allSettled(closings), grace]);
    const refusal = ends.find((end) => end.status === 'rejected');
    if (refusal !== undefined) throw refusal.reason;
  } finally {
    clearTimeout(timer);
  }
}
