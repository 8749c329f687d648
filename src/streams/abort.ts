/** A signal of one's own that also follows another. */
export interface LinkedAbort extends Disposable {
  readonly signal: AbortSignal;
  /** Aborts this signal, never the parent. */
  readonly abort: (reason?: unknown) => void;
}

/**
 * Opens a scope below `parent`: its signal aborts when the parent does, with the same reason, or by its own `abort()`.
 *
 * Disposing lets go of the parent and aborts nothing, so that a long-lived parent keeps no trace of scopes that are over.
 */
export function linkAbort(parent: AbortSignal | undefined): LinkedAbort {
  const controller = new AbortController();
  const follow = () => controller.abort(parent?.reason);
  if (parent?.aborted) follow();
  else parent?.addEventListener('abort', follow, { once: true });
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    [Symbol.dispose]: () => parent?.removeEventListener('abort', follow),
  };
}

/**
 * What `promise` comes to, or a rejection with `signal.reason` as soon as `signal` aborts, even if the promise never
 * settles. A rejection that comes too late is swallowed; a value that comes too late is dropped.
 */
export function untilAborted<T>(promise: PromiseLike<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    const letGo = () => signal.removeEventListener('abort', onAbort);
    // `Promise.resolve` turns a `then` that throws into a rejection.
    Promise.resolve(promise).then(
      (value) => {
        letGo();
        resolve(value);
      },
      (error: Error) => {
        letGo();
        reject(error);
      },
    );
  });
}
