import { refused } from '../refuse.ts';
import { hostOf } from './host-of.ts';

/** Hosts, and suffixes of hosts, each with the place where it is written. */
export interface HostList {
  readonly entries: readonly { readonly place: string; readonly host: string; readonly covers: 'host' | 'below' }[];
}

/** @throws {SageError} `invalid-argument` for what is no host: a URL, a port, a pattern with `*`. */
export function readHosts(place: string, given: readonly unknown[]): HostList {
  return { entries: given.map((text, i) => ({ place: `${place}[${i}]`, ...readHost(`${place}[${i}]`, text) })) };
}

export function readHost(place: string, given: unknown): { readonly host: string; readonly covers: 'host' | 'below' } {
  const text = typeof given === 'string' ? given : '';
  const bare = text.startsWith('.') ? text.slice(1) : text;
  const isV6 = bare.includes('::') || bare.startsWith('[');
  const host =
    /[/@*?#\s]/.test(bare) || (bare.includes(':') && !isV6) ? undefined : hostOf(isV6 ? inBrackets(bare) : bare);
  if (host === undefined || bare.startsWith('.')) {
    throw refused(place, given, 'a host such as "example.com", or ".example.com" for it and all below');
  }
  return { host, covers: text.startsWith('.') ? 'below' : 'host' };
}

/** Where in the list a host is; `undefined` if it is not. */
export function placeOf(host: string, { entries }: HostList): string | undefined {
  return entries.find((one) => host === one.host || (one.covers === 'below' && host.endsWith(`.${one.host}`)))?.place;
}

function inBrackets(address: string): string {
  return address.startsWith('[') ? address : `[${address}]`;
}
