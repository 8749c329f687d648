import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import { z } from 'zod';
import type { VolumeMount } from '../../sandbox/sandbox.ts';
import { HttpError, badRequest } from './http.ts';

export const volumeShape = z.looseObject({
  name: z.string(),
  host: z.object({ path: z.string() }).optional(),
  mountPath: z.string(),
  readOnly: z.boolean().optional(),
  subPath: z.string().optional(),
});

/**
 * The folders of this machine a sandbox asks for, as real paths: whoever swaps a link afterwards gains nothing.
 *
 * @throws {HttpError} 403 for a folder outside `allowed`, and the same for one that is not there: nobody can find out by
 * asking. 400 for other kinds of volumes.
 */
export async function toMounts(
  volumes: readonly z.infer<typeof volumeShape>[],
  allowed: readonly string[],
): Promise<VolumeMount[]> {
  const roots = (await Promise.all(allowed.map(toReal))).filter((root) => root !== undefined);
  return await Promise.all(
    volumes.map(async ({ name, host, mountPath, readOnly = false, subPath }) => {
      if (host === undefined)
        throw badRequest(`The volume "${name}" is no folder of the host. Only those can be mounted.`);
      if (subPath !== undefined)
        throw badRequest(`The volume "${name}" has a subPath. Give the folder itself as host path.`);
      const hostPath = isAbsolute(host.path) ? await toReal(host.path) : undefined;
      if (hostPath === undefined || !roots.some((root) => isInside(root, hostPath))) {
        const message = `The volume "${name}" is not in a folder this server may mount. Start it with --allow-mount for that folder.`;
        throw new HttpError(403, 'MOUNT_NOT_ALLOWED', message);
      }
      return { hostPath, mountPath, readOnly };
    }),
  );
}

async function toReal(path: string): Promise<string | undefined> {
  return await realpath(path).catch(() => undefined);
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
