import { createHook } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';

/** What a test must not leave behind: rejections nobody handled, and timers of ours that keep the process alive. */
export interface Strays extends Disposable {
  /** After the event loop has gone round a few times. */
  look(): Promise<{ readonly rejections: readonly unknown[]; readonly timers: readonly number[] }>;
}

export const nothing = { rejections: [], timers: [] };

/** What Node calls a timer from inside. */
interface Timer {
  readonly _destroyed: boolean;
  readonly _idleTimeout: number;
  hasRef(): boolean;
}

export function watchStrays(): Strays {
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown) => rejections.push(reason);
  process.on('unhandledRejection', onRejection);
  const timers: Timer[] = [];
  const hook = createHook({
    init: (_, type, __, resource) => {
      // The test runner has timers too.
      if (type === 'Timeout' && /[/\\]src[/\\]/.test(new Error('made here').stack ?? ''))
        timers.push(resource as Timer);
    },
  }).enable();
  return {
    async look() {
      for (let round = 0; round < 5; round += 1) await turn();
      const left = timers.filter((timer) => !timer._destroyed && timer.hasRef());
      return { rejections, timers: left.map(({ _idleTimeout }) => _idleTimeout) };
    },
    [Symbol.dispose]: () => {
      hook.disable();
      process.off('unhandledRejection', onRejection);
    },
  };
}
