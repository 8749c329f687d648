import { posix } from 'node:path';
import { z } from 'zod';
import { HttpError, badRequest, readJson, sendJson, sendNothing } from './http.ts';
import type { HostedSandbox } from './hosted-sandbox.ts';
import type { Hosting } from './hosting.ts';
import { toMemoryBytes } from './resource-limits.ts';
import type { Routes } from './router.ts';
import { toMounts, volumeShape } from './volumes.ts';

export interface LifecycleOptions {
  readonly hosting: Hosting;
  readonly allowedMounts: readonly string[];
  /** For clients that do not ask for another. */
  readonly workspacePath: string;
  readonly jsonBytes: number;
  readonly mostTimeoutSeconds: number;
}

const wishShape = z.looseObject({
  image: z.looseObject({ uri: z.string() }).optional(),
  entrypoint: z.array(z.string()).default([]),
  timeout: z.number().positive().nullish(),
  env: z.record(z.string(), z.string()).default({}),
  metadata: z.record(z.string(), z.string()).default({}),
  extensions: z.record(z.string(), z.string()).default({}),
  volumes: z.array(volumeShape).default([]),
  resourceLimits: z.looseObject({ memory: z.string().optional() }).default({}),
});

/** Promises about a sandbox that would be broken in silence. */
const notKept = ['snapshotId', 'networkPolicy', 'credentialProxy'];

const pageShape = z.coerce.number().int().min(1).max(1_000);

/**
 * Making, finding, renewing and ending sandboxes. All are of one kind: image and entrypoint are taken note of, and what
 * confines a sandbox is what the server opens it with.
 */
export function createLifecycleRoutes(options: LifecycleOptions): Routes {
  const { hosting, allowedMounts, workspacePath, jsonBytes, mostTimeoutSeconds } = options;

  /** No sandbox is promised more time than the server gives. */
  function toExpiry(wanted: Date): Date {
    return new Date(Math.min(wanted.getTime(), Date.now() + mostTimeoutSeconds * 1_000));
  }

  return {
    async 'POST /v1/sandboxes'({ request, response }) {
      const wish = await readJson(request, wishShape, jsonBytes);
      const refused = notKept.find((name) => wish[name] != null);
      if (refused !== undefined) throw badRequest(`"${refused}" is not possible on this server. Leave it out.`);
      const hosted = await hosting.create({
        workspacePath: checkPath(wish.extensions['sagents.workspace'] ?? workspacePath),
        mounts: await toMounts(wish.volumes, allowedMounts),
        env: wish.env,
        memoryBytes: toMemoryBytes(wish.resourceLimits.memory),
        image: wish.image?.uri ?? '',
        entrypoint: wish.entrypoint,
        metadata: wish.metadata,
        expiresAt: wish.timeout == null ? undefined : toExpiry(new Date(Date.now() + wish.timeout * 1_000)),
      });
      sendJson(response, 202, describe(hosted));
    },

    'GET /v1/sandboxes'({ response, query }) {
      const wanted = [...new URLSearchParams(query.get('metadata') ?? '')];
      const states = query.getAll('state');
      const found = hosting
        .list()
        .filter(({ metadata }) => wanted.every(([key, value]) => metadata[key] === value))
        .filter(() => states.length === 0 || states.some((state) => state.toLowerCase() === 'running'));
      const page = pageShape.catch(1).parse(query.get('page') ?? 1);
      const pageSize = pageShape.catch(20).parse(query.get('pageSize') ?? 20);
      const totalPages = Math.ceil(found.length / pageSize);
      sendJson(response, 200, {
        items: found.slice((page - 1) * pageSize, page * pageSize).map(describe),
        pagination: { page, pageSize, totalItems: found.length, totalPages, hasNextPage: page < totalPages },
      });
    },

    'GET /v1/sandboxes/:id'({ response, params }) {
      const hosted = hosting.get(params['id'] ?? '');
      using _hold = hosted.hold();
      sendJson(response, 200, describe(hosted));
    },

    async 'DELETE /v1/sandboxes/:id'({ response, params }) {
      await hosting.end(params['id'] ?? '');
      sendNothing(response, 204);
    },

    async 'POST /v1/sandboxes/:id/renew-expiration'({ request, response, params }) {
      const { expiresAt } = await readJson(request, z.object({ expiresAt: z.coerce.date() }), jsonBytes);
      const hosted = hosting.get(params['id'] ?? '');
      if (expiresAt.getTime() <= Date.now()) throw badRequest('expiresAt is in the past. Give a time to come.');
      using _hold = hosted.hold();
      hosted.renew(toExpiry(expiresAt));
      sendJson(response, 200, { expiresAt: hosted.expiresAt });
    },

    /** Under this server's own address, as the client has reached it. */
    'GET /v1/sandboxes/:id/endpoints/:port'({ request, response, params }) {
      const { id = '', port = '' } = params;
      const hosted = hosting.get(id);
      using _hold = hosted.hold();
      const host = request.headers.host ?? '';
      if (!/^[\w.:[\]-]+$/.test(host)) throw badRequest('The Host header is missing, or no host.');
      if (!['44772', '18080'].includes(port)) {
        throw new HttpError(404, 'NO_ENDPOINT', `Port ${port} of the sandbox cannot be reached through this server.`);
      }
      sendJson(response, 200, { endpoint: `${host}/sandboxes/${hosted.id}/port/${port}` });
    },

    'POST /v1/metrics/events'({ request, response }) {
      request.resume();
      sendNothing(response, 204);
    },

    'GET /health'({ response }) {
      sendJson(response, 200, { status: 'healthy' });
    },
  };
}

function describe({ id, image, entrypoint, metadata, createdAt, expiresAt }: HostedSandbox) {
  return {
    id,
    image: { uri: image },
    entrypoint,
    metadata,
    status: { state: 'Running' },
    createdAt,
    expiresAt: expiresAt ?? null,
  };
}

function checkPath(path: string): string {
  if (path.startsWith('/') && posix.normalize(path) === path && !path.endsWith('/') && !path.includes('\0'))
    return path;
  throw badRequest(`The workspace "${path}" cannot be shown. Give an absolute path without "..", not the root.`);
}
