/**
 * The host of a URL as hosts are compared: lower case, without port, user and trailing dot, in the form that is sent (punycode;
 * `0x7f.1` is `127.0.0.1`). Without a scheme, `https` is meant. `undefined` for what has no host, and for what other readers of
 * URLs could take for another host.
 */
export function hostOf(text: string): string | undefined {
  const trimmed = text.trim();
  // Some read `https://a\@b` as a, and some as b; some leave blanks out.
  if (/[\s\\\p{Cc}]/u.test(trimmed)) return undefined;
  const whole = withScheme(trimmed);
  const url = whole === undefined ? null : URL.parse(whole);
  if (url === null || !/^(https?|wss?|ftp):$/.test(url.protocol)) return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (host === '' || host.endsWith('.')) return undefined;
  return toV4(host) ?? host;
}

function withScheme(text: string): string | undefined {
  if (/^(https?|wss?|ftp):\/\/[^/]/i.test(text)) return text;
  if (text.startsWith('//')) return `https:${text}`;
  // `mailto:`, `javascript:`, `file:///`; but `localhost:3000` is a host and its port.
  return /^[a-z][a-z\d+.-]*:(?!\d)/i.test(text) || text.startsWith('/') ? undefined : `https://${text}`;
}

/** An IPv4 address in the form of an IPv6 one is that address. */
function toV4(host: string): string | undefined {
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(host) ?? [];
  if (high === undefined || low === undefined) return undefined;
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [a >> 8, a & 255, b >> 8, b & 255].join('.');
}
