import { Worker } from 'node:worker_threads';
import { SageError } from '../../../errors.ts';

const mostMs = 5_000;
const mostMegabytes = 256;

/**
 * HTML as Markdown, made in a thread of its own within 5 s and 256 MB.
 *
 * @throws {SageError} `tool-error` when that is not enough; the reason of `signal`.
 */
export async function toMarkdown(html: string, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const { url, execArgv } = workerCode();
  const resourceLimits = { maxOldGenerationSizeMb: mostMegabytes };
  const worker = new Worker(url, { workerData: html, execArgv, resourceLimits, env: {} });
  let timer: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  try {
    return await new Promise<string>((resolve, reject) => {
      const tooMuch = (cause?: unknown) =>
        reject(new SageError('tool-error', message, { tool: 'fetch_webpages' }, { cause }));
      onAbort = () => reject(signal.reason as Error);
      timer = setTimeout(tooMuch, mostMs);
      signal.addEventListener('abort', onAbort);
      worker.once('message', resolve);
      worker.once('error', tooMuch);
      worker.once('exit', () => tooMuch());
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    await worker.terminate();
  }
}

const message =
  'The HTML of this page takes too much to read. Fetch it with a command, and look for what you need in it.';

/** The package as it is published has the worker in one file; its source has it here, and Node takes the types away. */
function workerCode(): { url: URL; execArgv: string[] } {
  if (!import.meta.url.endsWith('.ts')) return { url: new URL('./markdown-worker.js', import.meta.url), execArgv: [] };
  const execArgv = ['--experimental-strip-types', '--no-warnings'];
  return { url: new URL('./markdown-worker.ts', import.meta.url), execArgv };
}
