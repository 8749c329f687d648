const longestTimerMs = 2 ** 31 - 1;

/**
 * Calls `renew` each time half of `timeoutSeconds` has passed, until disposed; after a failure sooner, for there is still
 * the other half. That it failed for good shows at the next call to the server. Does not keep the process alive.
 */
export function keepAlive(timeoutSeconds: number, renew: (timeoutSeconds: number) => Promise<unknown>): Disposable {
  const halfMs = Math.min((timeoutSeconds * 1_000) / 2, longestTimerMs);
  let isOver = false;
  let timer: NodeJS.Timeout;
  const wait = (ms: number) => {
    timer = setTimeout(() => void tick(), ms).unref();
  };
  const tick = async () => {
    const hasRenewed = await renew(timeoutSeconds).then(
      () => true,
      () => false,
    );
    if (!isOver) wait(hasRenewed ? halfMs : halfMs / 8);
  };
  wait(halfMs);
  return {
    [Symbol.dispose]() {
      isOver = true;
      clearTimeout(timer);
    },
  };
}
