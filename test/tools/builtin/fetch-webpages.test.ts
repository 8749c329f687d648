import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createFetchWebpages, fetchWebpages } from '../../../src/tools/builtin/fetch-webpages/fetch-webpages.ts';
import { isPublicAddress } from '../../../src/tools/builtin/fetch-webpages/public-address.ts';
import type { Tool } from '../../../src/tools/tool.ts';

interface Fetched {
  readonly status: string;
  readonly results: readonly Readonly<Record<string, unknown>>[];
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://pages.test:${(server.address() as AddressInfo).port}`;
}

/** Every name is this machine, which counts as public here, but for one. */
const lookup: LookupFunction = (hostname, _, callback) => {
  const address = hostname === 'inside.test' ? '10.0.0.1' : '127.0.0.1';
  callback(null, [{ address, family: 4 }]);
};
const ours = createFetchWebpages({ isAllowed: (address) => address === '127.0.0.1', lookup });

async function fetchAll(tool: Tool, args: object, signal = new AbortController().signal): Promise<Fetched> {
  const checked = await tool.inputSchema.validate(args);
  if ('issues' in checked) throw new Error(checked.issues.join('\n'));
  const ids = { sessionId: 's', runId: 'r', callId: 'c', idempotencyKey: 'k', state: new Map<string, unknown>() };
  return (await tool.execute(checked.value, { ...ids, signal })) as Fetched;
}

describe('fetch_webpages', () => {
  test('fetches nothing that others could read as another host, and says how to write it', async () => {
    let requests = 0;
    const base = await serve((_, response) => {
      requests += 1;
      response.end();
    });
    const { host } = new URL(base);
    const urls = [
      `http:/${host}/a`,
      `http:${host}/a`,
      `http:///${host}/a`,
      `http:\\\\${host}/a`,
      base.replace('t', 't\t'),
    ];
    const { status, results } = await fetchAll(ours, { urls: [...urls, base.replace('pages', 'pa\nges')] });
    expect([status, requests]).toEqual(['error', 0]);
    expect(results.map(({ error }) => error)).toContainEqual(
      expect.stringContaining(`no host can be read for sure. Write it as in http://${host}/a.`),
    );
  });

  test('gives HTML as Markdown, other text as it is, and tells what is neither', async () => {
    const base = await serve((request, response) => {
      const pages: Record<string, [string, string | Buffer]> = {
        '/html': [
          'text/html',
          '<title>T</title><nav>menu</nav><h1>Head</h1><p>A <b>bold</b> <a href="/x">link</a><script>evil()</script>',
        ],
        '/json': ['application/json', '{"a":1}'],
        '/latin': ['text/plain; charset=iso-8859-1', Buffer.from('caf\u00e9', 'latin1')],
        '/png': ['image/png', Buffer.of(1, 2, 3)],
      };
      const [type, body] = pages[request.url ?? ''] ?? ['text/plain', ''];
      response.writeHead(request.url === '/none' ? 404 : 200, { 'content-type': type }).end(body);
    });
    const urls = ['/html', '/json', '/latin', '/png', '/none'].map((path) => base + path);
    const { status, results } = await fetchAll(ours, { urls });
    expect(status).toBe('partial');
    expect(results.map((result) => result['status'])).toEqual(['success', 'success', 'success', 'error', 'error']);
    expect(results[0]).toMatchObject({ title: 'T', content: '# Head\n\nA **bold** [link](/x)', truncated: false });
    expect(results[1]).toMatchObject({ content: '{"a":1}' });
    expect(results[2]).toMatchObject({ content: 'café' });
    expect(results[3]).toMatchObject({ error: 'This is no text: 3 bytes of image/png.' });
    expect(results[4]).toMatchObject({ error: 'The server answered with status 404.', http_status: 404 });
  });

  test('follows redirects, a few of them, and to public pages only', async () => {
    const base = await serve((request, response) => {
      const to = {
        '/once': '/end',
        '/circle': '/circle',
        '/inside': 'http://inside.test/',
        '/file': 'file:///etc/passwd',
      }[request.url ?? ''];
      if (to === undefined) response.end('the end');
      else response.writeHead(302, { location: to }).end();
    });
    const { results } = await fetchAll(ours, {
      urls: ['/once', '/circle', '/inside', '/file'].map((path) => base + path),
    });
    expect(results[0]).toMatchObject({ final_url: `${base}/end`, content: 'the end' });
    expect(results.slice(1).map((result) => result['error'])).toEqual([
      expect.stringContaining('redirects more than 5 times'),
      expect.stringContaining('"inside.test" is at 10.0.0.1, which is not on the public internet'),
      expect.stringContaining('is neither http nor https'),
    ]);
  });

  test('uses the very address it has checked, whatever the name means later', async () => {
    const base = await serve((_, response) => response.end('checked'));
    let asked = 0;
    const rebinding: LookupFunction = (_name, _options, callback) => {
      asked += 1;
      callback(null, [{ address: asked === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }]);
    };
    const tool = createFetchWebpages({ isAllowed: (address) => address === '127.0.0.1', lookup: rebinding });
    expect((await fetchAll(tool, { urls: [base] })).results[0]).toMatchObject({ content: 'checked' });
    expect(asked).toBe(1);
    expect((await fetchAll(tool, { urls: [base] })).results[0]).toMatchObject({
      error: expect.stringContaining('169.254.169.254'),
    });
  });

  test('reads no more than its limits, of packed, endless and slow bodies', async () => {
    const base = await serve((request, response) => {
      response.setHeader('content-type', 'text/plain');
      if (request.url === '/gzip')
        response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(50_000_000, 'x')));
      else if (request.url === '/br') response.setHeader('content-encoding', 'br').end(brotliCompressSync('packed'));
      else if (request.url === '/slow') response.write('begun');
      else {
        const more = () => {
          while (response.write('x'.repeat(65_536))) continue;
        };
        response.on('drain', more);
        more();
      }
    });
    const urls = ['/gzip', '/br', '/endless', '/slow'].map((path) => base + path);
    const { results } = await fetchAll(ours, { urls, timeout: 3, max_length_per_url: 1_000 });
    expect(results[0]).toMatchObject({ status: 'success', truncated: true });
    expect(String(results[0]?.['content']).length).toBeLessThanOrEqual(1_000);
    expect(results[1]).toMatchObject({ content: 'packed', truncated: false });
    expect(results[2]).toMatchObject({ status: 'success', truncated: true });
    expect(results[3]).toMatchObject({ error: 'The pages did not come within 3 s.' });
  });

  test(
    'gives up on HTML that takes for ever to read, without holding up this process',
    { timeout: 30_000 },
    async () => {
      const base = await serve((_, response) => {
        response.setHeader('content-type', 'text/html').end('<div>'.repeat(100_000));
      });
      let turns = 0;
      const counting = setInterval(() => (turns += 1), 50);
      const { results } = await fetchAll(ours, { urls: [base] });
      clearInterval(counting);
      expect(results[0]).toMatchObject({ error: expect.stringContaining('takes too much to read') });
      expect(turns).toBeGreaterThan(20);
    },
  );

  test('is stopped with its call', async () => {
    const base = await serve(() => {});
    const controller = new AbortController();
    const fetching = fetchAll(ours, { urls: [base] }, controller.signal);
    controller.abort(new Error('stopped'));
    await expect(fetching).rejects.toThrow('stopped');
  });
});

describe('the pages a model may fetch', () => {
  test.each([
    [
      'http://127.0.0.1/',
      'http://2130706433/',
      'http://0x7f.1/',
      'http://0177.0.0.1/',
      'http://[::1]/',
      'http://[::ffff:127.0.0.1]/',
    ],
    [
      'http://169.254.169.254/latest',
      'http://[fd00:ec2::254]/',
      'http://100.100.100.200/',
      'http://10.1.2.3/',
      'http://0.0.0.0/',
    ],
    [
      'http://localhost/',
      'http://[64:ff9b::7f00:1]/',
      'http://[2002:7f00:1::]/',
      'http://224.0.0.1/',
      'http://192.168.0.1/',
    ],
    ['file:///etc/passwd', 'ftp://example.org/', 'http://user:word@example.org/', 'no url'],
  ])('are not %s', async (...urls) => {
    const { results } = await fetchAll(fetchWebpages, { urls });
    const why = /not on the public internet|neither http nor https|user name or password|is no URL/;
    for (const { url, error } of results) expect([url, error]).toEqual([url, expect.stringMatching(why)]);
  });

  test('are at public addresses', () => {
    expect(['93.184.216.34', '2606:2800:220:1::1'].every(isPublicAddress)).toBe(true);
    expect(isPublicAddress('nonsense')).toBe(false);
  });
});
