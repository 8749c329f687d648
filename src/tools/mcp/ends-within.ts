import { setTimeout as delay } from 'node:timers/promises';

/** Whether something ends in time. It must not fail. */
export async function endsWithin(end: Promise<unknown>, ms: number): Promise<boolean> {
  const controller = new AbortController();
  try {
    return await Promise.race([end.then(() => true), delay(ms, false, { signal: controller.signal })]);
  } finally {
    controller.abort();
  }
}
