import { posix } from 'node:path';
import { z } from 'zod';
import type { FileInfo, Sandbox } from '../../sandbox/sandbox.ts';
import { toByteRange, toLines } from './byte-range.ts';
import { execd } from './command-routes.ts';
import { changeMode, makeFolder } from './file-modes.ts';
import { HttpError, badRequest, readJson, sendBytes, sendJson, sendNothing, type Exchange } from './http.ts';
import type { Hosting } from './hosting.ts';
import type { Routes } from './router.ts';
import { readUpload } from './upload.ts';

export interface FileOptions {
  readonly hosting: Hosting;
  readonly jsonBytes: number;
  readonly uploadBytes: number;
  readonly downloadBytes: number;
}

/** Told at most by one search or listing. */
const mostEntries = 10_000;

const permissionShape = z.record(
  z.string(),
  z.object({ mode: z.number(), owner: z.string().optional(), group: z.string().optional() }),
);
const moveShape = z.array(z.object({ src: z.string(), dest: z.string() }));
const replaceShape = z.record(z.string(), z.object({ old: z.string().min(1), new: z.string() }));

/** The files of a sandbox. Where a path may lead is for the sandbox to say: what it refuses is a 400 or a 404. */
export function createFileRoutes({ hosting, jsonBytes, uploadBytes, downloadBytes }: FileOptions): Routes {
  type FileHandler = (sandbox: Sandbox, exchange: Exchange) => Promise<void>;
  const handlers: Readonly<Record<string, FileHandler>> = {
    async 'GET /files/info'(sandbox, { response, query }) {
      const paths = query.getAll('path');
      const found = await Promise.all(paths.map(async (path) => [path, toEntry(await sandbox.stat(path))] as const));
      sendJson(response, 200, Object.fromEntries(found));
    },

    async 'GET /files/download'(sandbox, { request, response, query }) {
      const path = onePath(query);
      const { size } = await sandbox.stat(path);
      if (size > downloadBytes) {
        const message = `The file has ${size} bytes, and this server gives ${downloadBytes} at once. Read it in parts with commands.`;
        throw new HttpError(413, 'TOO_LARGE', message);
      }
      const bytes = await sandbox.readFile(path);
      const [offset, limit] = [query.get('offset'), query.get('limit')];
      if (offset !== null || limit !== null) {
        const text = toLines(new TextDecoder().decode(bytes), Number(offset ?? 1), Number(limit ?? Infinity));
        return sendBytes(response, 200, new TextEncoder().encode(text), {
          'content-type': 'text/plain; charset=utf-8',
        });
      }
      const range = toByteRange(request.headers.range, bytes.length);
      if (range === undefined) return sendBytes(response, 200, bytes);
      const { start, end } = range;
      const headers = { 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` };
      return sendBytes(response, 206, bytes.subarray(start, end), headers);
    },

    async 'POST /files/upload'(sandbox, { request, response }) {
      const { path, mode, data } = await readUpload(request, uploadBytes);
      await sandbox.writeFile(path, data);
      if (mode !== undefined) await changeMode(sandbox, path, mode);
      sendNothing(response);
    },

    async 'DELETE /files'(sandbox, { response, query }) {
      for (const path of query.getAll('path')) {
        const type = await sandbox.stat(path).then(
          (info) => info.type,
          () => 'other',
        );
        if (type === 'directory') throw badRequest(`"${path}" is a directory. Delete it as one.`);
        await sandbox.remove(path);
      }
      sendNothing(response);
    },

    async 'POST /files/mv'(sandbox, { request, response }) {
      for (const { src, dest } of await readJson(request, moveShape, jsonBytes)) await sandbox.move(src, dest);
      sendNothing(response);
    },

    async 'POST /files/permissions'(sandbox, { request, response }) {
      const wishes = Object.entries(await readJson(request, permissionShape, jsonBytes));
      for (const [path, { mode, owner, group }] of wishes) {
        if (owner !== undefined || group !== undefined)
          throw badRequest('Files have no other owner here. Leave out owner and group.');
        await changeMode(sandbox, path, mode);
      }
      sendNothing(response);
    },

    async 'GET /files/search'(sandbox, { response, query }) {
      const { files } = await sandbox.glob(query.get('pattern') ?? '**', { path: onePath(query), limit: mostEntries });
      sendJson(response, 200, files.map(toEntry));
    },

    async 'POST /files/replace'(sandbox, { request, response }) {
      const counts: Record<string, { replacedCount: number }> = {};
      for (const [path, { old, new: by }] of Object.entries(await readJson(request, replaceShape, jsonBytes))) {
        const parts = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
          .decode(await sandbox.readFile(path))
          .split(old);
        if (parts.length > 1) await sandbox.writeFile(path, parts.join(by));
        counts[path] = { replacedCount: parts.length - 1 };
      }
      sendJson(response, 200, counts);
    },

    async 'GET /directories/list'(sandbox, { response, query }) {
      const entries = await listDeep(sandbox, onePath(query), Number(query.get('depth') ?? 1));
      sendJson(response, 200, entries.map(toEntry));
    },

    async 'POST /directories'(sandbox, { request, response }) {
      for (const [path, { mode }] of Object.entries(await readJson(request, permissionShape, jsonBytes))) {
        await makeFolder(sandbox, path, mode);
      }
      sendNothing(response);
    },

    async 'DELETE /directories'(sandbox, { response, query }) {
      for (const path of query.getAll('path')) await sandbox.remove(path);
      sendNothing(response);
    },
  };

  return Object.fromEntries(
    Object.entries(handlers).map(([route, handler]) => [
      route.replace(' ', ` ${execd}`),
      async (exchange: Exchange) => {
        const hosted = hosting.get(exchange.params['id'] ?? '');
        using _hold = hosted.hold();
        await handler(hosted.sandbox, exchange);
      },
    ]),
  );
}

async function listDeep(sandbox: Sandbox, path: string, depth: number): Promise<FileInfo[]> {
  const found: FileInfo[] = [];
  let level: readonly string[] = [path];
  for (let left = depth; left > 0 && level.length > 0; left -= 1) {
    const below: string[] = [];
    for (const folder of level) {
      const entries = await sandbox.list(folder);
      found.push(...entries);
      if (found.length > mostEntries)
        throw badRequest(`There are more than ${mostEntries} entries. List fewer levels.`);
      below.push(...entries.filter(({ type }) => type === 'directory').map((entry) => entry.path));
    }
    level = below;
  }
  return found;
}

function toEntry({ path, type, size, modifiedAt }: FileInfo) {
  return { path: posix.normalize(path), type, size, modified_at: modifiedAt, created_at: modifiedAt };
}

function onePath(query: URLSearchParams): string {
  const path = query.get('path');
  if (path === null || path === '') throw badRequest('The query has no path.');
  return path;
}
