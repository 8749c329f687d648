import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

/** The two libraries the page needs, from where npm has put them. */
const vendor: Readonly<Record<string, string>> = {
  'marked.js': fileURLToPath(import.meta.resolve('marked')),
  'purify.js': fileURLToPath(import.meta.resolve('dompurify')),
};

/** Nothing on the page comes from elsewhere, and nothing a model writes can run. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export const pageFiles = new Hono();

pageFiles.get('/', () => serve(join(import.meta.dirname, 'page/index.html')));
pageFiles.get('/page/:name{[a-z-]+\\.(js|css)}', (context) =>
  serve(join(import.meta.dirname, 'page', context.req.param('name'))),
);
pageFiles.get('/vendor/:name', async (context) => {
  const path = vendor[context.req.param('name')];
  return path === undefined ? context.notFound() : serve(path);
});

async function serve(path: string): Promise<Response> {
  const file = await readFile(path).catch(() => undefined);
  if (file === undefined) return new Response('Not found', { status: 404 });
  return new Response(new Uint8Array(file), {
    headers: {
      'content-type': types[extname(path).replace('.mjs', '.js')] ?? 'application/octet-stream',
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-cache',
    },
  });
}
