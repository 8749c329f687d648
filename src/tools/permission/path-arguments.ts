import { posix } from 'node:path';
import type { Tool } from '../tool.ts';
import type { RuledCall } from './ruled-call.ts';

/** The argument of a file tool that is a path in the sandbox. */
const pathArguments: Readonly<Record<string, string>> = {
  file_read: 'file_path',
  file_write: 'file_path',
  file_update: 'file_path',
  list_dir: 'path',
  glob: 'path',
  grep: 'path',
};

/** Whether an argument is a path that the tool reads as the sandbox does. */
export function isPathArgument({ name: tool, shell, sandbox }: Tool, name: string): boolean {
  const ofFiles = Object.hasOwn(pathArguments, tool) ? pathArguments[tool] : undefined;
  return name === ofFiles || (sandbox === 'needed' && name === shell?.folder);
}

/**
 * A path as rules read it, in each way it may be meant: from the top of the workspace, without `.` and `..`; the workspace itself is `.`,
 * and what is outside of it absolute. No file is looked at: a link is what it is called.
 */
export function toWorkspacePaths(
  path: string,
  { workspace, folder }: Pick<RuledCall, 'workspace' | 'folder'>,
): readonly string[] {
  // Where it divides names, and where it is a part of one.
  const ways = path.includes('\\') ? [path, withSlashes(path)] : [path];
  const top = workspace === undefined ? undefined : withSlashes(workspace);
  return ways.map((way) => toWorkspacePath(isAbsolute(way) ? way : posix.join(folder, way), top));
}

function toWorkspacePath(path: string, workspace: string | undefined): string {
  if (workspace === undefined) return withoutEnd(posix.normalize(path));
  const absolute = isAbsolute(path) ? path : `${workspace}/${path}`;
  const relative = posix.relative(withRoot(workspace), withRoot(absolute));
  if (relative === '..' || relative.startsWith('../')) return withoutEnd(posix.normalize(absolute));
  return relative === '' ? '.' : relative;
}

function withSlashes(path: string): string {
  return path.replaceAll('\\', '/');
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/') || /^[a-zA-Z]:\//.test(path);
}

/** `C:/a` as a folder below the root. */
function withRoot(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}

function withoutEnd(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}
