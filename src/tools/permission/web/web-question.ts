import { placeOf, type HostList } from './host-list.ts';
import { hostOf } from './host-of.ts';

/** What lists of hosts say of the URLs of a call. */
export type WebAnswer =
  | { readonly type: 'blocked' | 'allowed'; readonly host: string; readonly place: string }
  | { readonly type: 'unlisted'; readonly host: string }
  | { readonly type: 'unreadable'; readonly url: string }
  | { readonly type: 'none' };

export interface WebLists {
  readonly allow: HostList;
  readonly block: HostList;
}

/** One URL that is blocked is enough to block a call; to allow it, all must be on the list. */
export function askLists(urls: readonly string[], { allow, block }: WebLists): WebAnswer {
  const hosts = urls.map((url) => ({ url, host: hostOf(url) }));
  for (const { host } of hosts) {
    const place = host === undefined ? undefined : placeOf(host, block);
    if (host !== undefined && place !== undefined) return { type: 'blocked', host, place };
  }
  const hasLists = allow.entries.length + block.entries.length > 0;
  const unreadable = hosts.find(({ host }) => host === undefined);
  if (hasLists && unreadable !== undefined) return { type: 'unreadable', url: unreadable.url };
  if (allow.entries.length === 0) return { type: 'none' };
  const places = hosts.map(({ host = '' }) => ({ host, place: placeOf(host, allow) }));
  const unlisted = places.find(({ place }) => place === undefined);
  if (unlisted !== undefined) return { type: 'unlisted', host: unlisted.host };
  const [first] = places;
  return first?.place === undefined ? { type: 'none' } : { type: 'allowed', host: first.host, place: first.place };
}
