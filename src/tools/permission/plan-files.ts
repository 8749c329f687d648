import { posix } from 'node:path';
import { parsePatch } from '../builtin/apply-patch/parse-patch.ts';
import type { RuledCall } from './ruled-call.ts';

const folder = 'plans';

/** Whether a call of a file tool writes only files under `plans/`. */
export function writesOnlyPlans({ tool, args, workspace }: RuledCall): boolean {
  const paths = writtenPaths(tool.name, args);
  return paths.length > 0 && paths.every((path) => isPlan(path, workspace));
}

/** Every path a file tool would change; none for other tools, and for what cannot be read. */
function writtenPaths(tool: string, { file_path, patch }: RuledCall['args']): readonly string[] {
  if (tool === 'file_write' || tool === 'file_update') return typeof file_path === 'string' ? [file_path] : [];
  if (tool !== 'apply_patch' || typeof patch !== 'string') return [];
  try {
    return parsePatch(patch).flatMap((change) =>
      change.type === 'update' && change.moveTo !== undefined ? [change.path, change.moveTo] : [change.path],
    );
  } catch {
    // A patch that the tool will refuse.
    return [];
  }
}

function isPlan(path: string, workspace: string | undefined): boolean {
  if (path.includes('\\') || path.endsWith('/')) return false;
  if (posix.isAbsolute(path) && workspace === undefined) return false;
  const relative = posix.isAbsolute(path) ? posix.relative(workspace ?? '/', path) : posix.normalize(path);
  return relative.startsWith(`${folder}/`);
}
