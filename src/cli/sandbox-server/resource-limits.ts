import { badRequest } from './http.ts';

const units: Readonly<Record<string, number>> = {
  '': 1,
  'k': 1e3,
  'K': 1e3,
  'M': 1e6,
  'G': 1e9,
  'T': 1e12,
  'Ki': 1024,
  'Mi': 1024 ** 2,
  'Gi': 1024 ** 3,
  'Ti': 1024 ** 4,
};

/**
 * The bytes of `memory` among the resources a client asks for, in the notation of Kubernetes (`512Mi`, `2G`). Shares of a
 * CPU cannot be given out here, and every SDK asks for some: they are passed by.
 *
 * @throws {HttpError} 400 for what is no amount.
 */
export function toMemoryBytes(memory: string | undefined): number | undefined {
  if (memory === undefined) return undefined;
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(memory) ?? [];
  const bytes = Math.floor(Number(number) * (units[unit] ?? Number.NaN));
  if (number !== '' && Number.isSafeInteger(bytes) && bytes > 0) return bytes;
  throw badRequest(`The memory "${memory}" is no amount. Give one such as 512Mi or 2Gi.`);
}
