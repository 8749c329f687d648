import { createContext, runInContext } from 'node:vm';
import { SageError } from '../errors.ts';

const mostMs = 100;

/**
 * Whether `pattern` is found in `text`. A pattern comes from a model and the text from a command: some pairs would keep
 * this process busy for years, so that it gets 100 ms.
 *
 * @throws {SageError} `sandbox-error` when the time is up.
 */
export function testPattern(pattern: RegExp, text: string): boolean {
  try {
    const context = createContext({ pattern: new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')), text });
    return runInContext('pattern.test(text)', context, { timeout: mostMs }) === true;
  } catch (cause) {
    const message = `The pattern ${String(pattern)} takes too long to look for. Use a simpler one, without nested repetition.`;
    throw new SageError('sandbox-error', message, {}, { cause });
  }
}
