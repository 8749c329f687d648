import { realpath } from 'node:fs/promises';
import type { VolumeMount } from './sandbox.ts';

/** A folder whose files the agent may use, by its own path and by that it has once every link is followed. */
export interface Root {
  readonly path: string;
  readonly real: string;
}

/** The workspace, at which relative paths start, and the mounts. */
export type Roots = readonly [workspace: Root, ...mounts: readonly Root[]];

/** Throws what the system throws for a folder that is not there. */
export async function findRoots(workspace: string, mounts: readonly VolumeMount[]): Promise<Roots> {
  const find = async (path: string): Promise<Root> => ({ path, real: await realpath(path) });
  const [first, ...rest] = await Promise.all([find(workspace), ...mounts.map(({ mountPath }) => find(mountPath))]);
  return [first, ...rest];
}
