import { describe, expect, test } from 'vitest';
import { hostOf } from '../../../src/tools/permission/web/host-of.ts';
import { decide } from './helpers.ts';

const fetching = (url: string | readonly string[]) =>
  ['fetch_webpages', { urls: typeof url === 'string' ? [url] : url }] as const;
const web = {
  allow: ['example.com', '.github.com', '.wikipedia.org', '192.0.2.7', '2001:db8::1'],
  block: ['.evil.io', '127.0.0.1', '::1', 'bücher.example', 'internal.github.com'],
};

describe('lists of hosts', () => {
  test.each([
    ['https://example.com/a?b#c', 'allow'],
    ['http://EXAMPLE.com:8080', 'allow'],
    ['example.com/page', 'allow'],
    ['//example.com', 'allow'],
    ['https://user:secret@example.com', 'allow'],
    ['https://example.com.', 'allow'],
    ['https://github.com', 'allow'],
    ['https://api.github.com', 'allow'],
    ['https://de.m.wikipedia.org', 'allow'],
    ['https://192.0.2.7', 'allow'],
    ['http://3221225991', 'allow'],
    ['https://[2001:db8::1]:443/', 'allow'],
    ['https://www.example.com', 'ask'],
    ['https://notgithub.com', 'ask'],
    ['https://github.com.evil.com', 'ask'],
    ['https://github.com@evil.com', 'ask'],
    ['https://evil.com/github.com', 'ask'],
    ['https://evil.com?github.com', 'ask'],
    ['https://evil.com#.github.com', 'ask'],
    ['https://gіthub.com', 'ask'],
    ['https://xn--gthub-n4a.com', 'ask'],
    ['https://github.com..', 'ask'],
    ['https://github.com\\@evil.com', 'ask'],
    ['https://github.com\t.evil.com', 'ask'],
    ['https://', 'ask'],
    ['not a url', 'ask'],
    ['', 'ask'],
    ['javascript:alert(1)', 'ask'],
    ['mailto:a@github.com', 'ask'],
    ['file:///etc/passwd', 'ask'],
    ['data:text/html,github.com', 'ask'],
    ['https://evil.io', 'deny'],
    ['https://a.b.evil.io', 'deny'],
    ['https://github.com@evil.io', 'deny'],
    ['HTTPS://EVIL.IO.', 'deny'],
    ['evil.io', 'deny'],
    ['http://127.0.0.1:3000', 'deny'],
    ['http://2130706433', 'deny'],
    ['http://0x7f.1', 'deny'],
    ['http://127.1', 'deny'],
    ['http://0177.0.0.1', 'deny'],
    ['http://[::1]', 'deny'],
    ['http://[0:0:0:0:0:0:0:1]', 'deny'],
    ['http://[::ffff:127.0.0.1]', 'deny'],
    ['https://bücher.example', 'deny'],
    ['https://xn--bcher-kva.example', 'deny'],
    ['https://internal.github.com', 'deny'],
    ['https://notevil.io', 'ask'],
  ])('%s: %s', async (url, action) => {
    expect((await decide({ web }, ...fetching(url))).action).toBe(action);
  });

  test('refuse a call for one blocked host, and allow it only for all', async () => {
    const actionOf = async (...urls: string[]) => (await decide({ web }, ...fetching(urls))).action;
    expect(await actionOf('https://example.com', 'https://github.com')).toBe('allow');
    expect(await actionOf('https://example.com', 'https://other.org')).toBe('ask');
    expect(await actionOf('https://example.com', 'https://evil.io')).toBe('deny');
    expect(await actionOf('https://example.com', '???')).toBe('ask');
  });

  test('refuse what the mode does not let one ask about', async () => {
    const actionOf = async (url: string, mode: 'read-only' | 'plan' | 'full-access') =>
      (await decide({ web }, ...fetching(url), { mode })).action;
    for (const mode of ['read-only', 'plan'] as const) {
      expect(await actionOf('https://example.com', mode)).toBe('allow');
      expect(await actionOf('https://other.org', mode)).toBe('deny');
      expect(await actionOf('???', mode)).toBe('deny');
    }
    expect(await actionOf('https://other.org', 'full-access')).toBe('allow');
    expect(await actionOf('https://evil.io', 'full-access')).toBe('deny');
    expect(await actionOf('???', 'full-access')).toBe('ask');
  });

  test('count for every tool with a URL, and for no other', async () => {
    expect((await decide({ web }, 'send_mail_asking', { url: 'https://evil.io' })).action).toBe('deny');
    expect((await decide({ web }, 'send_mail_asking', { url: 'https://example.com' })).action).toBe('allow');
    expect((await decide({ web }, 'send_mail_asking', { text: 'https://evil.io' })).action).toBe('ask');
    expect((await decide({ web }, 'send_mail', {})).action).toBe('allow');
  });

  test('do not lend effects to a mode that has none', async () => {
    expect((await decide({ web, mode: 'read-only' }, 'send_mail', { url: 'https://example.com' })).action).toBe('deny');
  });

  test('block before rules, and allow after them', async () => {
    const rules = [{ tool: '*', domain: ['evil.io', 'example.com'], action: 'ask' }] as const;
    expect(await decide({ web, rules }, ...fetching('https://evil.io'))).toEqual({
      action: 'deny',
      by: 'web',
      rule: 'web.block[0]',
      reason: '"evil.io" is on the list of blocked hosts.',
    });
    expect(await decide({ web, rules }, ...fetching('https://example.com'))).toMatchObject({
      action: 'ask',
      by: 'rule',
    });
    expect(await decide({ web }, ...fetching('https://example.com'))).toMatchObject({
      by: 'web',
      rule: 'web.allow[0]',
    });
  });

  test('only block where nothing else is given', async () => {
    const only = { web: { block: ['.evil.io'] } };
    expect((await decide(only, ...fetching('https://other.org'))).action).toBe('allow');
    expect((await decide(only, ...fetching('https://x.evil.io'))).action).toBe('deny');
    expect((await decide({}, ...fetching('???'))).action).toBe('allow');
  });
});

test('rules about domains fit all URLs to allow, and one to refuse', async () => {
  const urls = ['https://a.example.com', 'https://other.org'];
  const rule = (action: 'allow' | 'deny') => ({ rules: [{ tool: '*', domain: '.example.com', action }] });
  expect(await decide(rule('deny'), ...fetching(urls))).toMatchObject({ action: 'deny', rule: 'rules[0]' });
  expect(await decide(rule('allow'), ...fetching(urls))).toMatchObject({ by: 'mode' });
  expect(await decide(rule('allow'), ...fetching('https://a.example.com'))).toMatchObject({ by: 'rule' });
});

describe('a URL that no host can be read from', () => {
  const urls = [
    'https:/evil.com',
    'https:evil.com',
    'https:///evil.com',
    'https:\\\\evil.com',
    'https://ev\til.com',
    'https://a\\@evil.com',
    '/evil.com',
    'gopher://evil.com',
    '',
  ];
  const rule = { tool: '*', domain: '.example.com' } as const;

  test.each(urls)('fits what refuses and what asks, and not what allows: %j', async (url) => {
    const call = fetching(['https://a.example.org', url]);
    const full = { mode: 'full-access' } as const;
    expect(await decide({ ...full, denies: [rule] }, ...call)).toMatchObject({ action: 'deny', rule: 'denies[0]' });
    expect(await decide({ ...full, rules: [{ ...rule, action: 'ask' }] }, ...call)).toMatchObject({ action: 'ask' });
    expect(await decide({ rules: [{ ...rule, action: 'allow' }] }, ...fetching(url))).toMatchObject({ by: 'mode' });
  });

  test('may be no text at all', async () => {
    const call = ['send_mail', { url: { href: 'https://evil.com' } }] as const;
    expect(await decide({ denies: [rule] }, ...call)).toMatchObject({ action: 'deny', rule: 'denies[0]' });
    expect(await decide({ web }, ...call)).toMatchObject({ action: 'ask', by: 'web' });
    expect(await decide({ denies: [rule] }, 'send_mail', { url: null })).toMatchObject({ action: 'allow' });
  });
});

test.each([
  ['localhost:3000/x', 'localhost'],
  ['ws://a.b', 'a.b'],
  ['ftp://a.b/c', 'a.b'],
  ['https:/a.b', undefined],
  ['https:a.b', undefined],
  ['https:///a.b', undefined],
  ['/a.b', undefined],
  ['gopher://a.b', undefined],
  ['https://a b.c', undefined],
  ['https://a.b\u0000.c', undefined],
])('the host of %j is %j', (url, host) => {
  expect(hostOf(url)).toBe(host);
});
