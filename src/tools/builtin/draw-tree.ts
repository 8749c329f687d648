import { posix } from 'node:path';
import { messageOf } from '../../errors.ts';
import type { FileInfo, Sandbox } from '../../sandbox/sandbox.ts';

export interface TreeOptions {
  /** Levels to show; 1 shows only the folder's own entries. */
  readonly depth: number;
  readonly itemsPerFolder: number;
  /** What becomes of entries whose name begins with a dot. */
  readonly hidden: 'show' | 'count';
}

interface TreeDeps {
  readonly sandbox: Pick<Sandbox, 'list'>;
  readonly signal: AbortSignal;
}

/** In the whole tree, however wide and deep it is. */
const mostLines = 1_000;

/**
 * The tree below the folder `root`, one entry a line, two spaces a level. What was left out is told in brackets where it
 * would stand, and so is a folder further down that cannot be read.
 *
 * @throws what listing `root` throws, and the reason of an aborted `signal`.
 */
export async function drawTree(root: string, options: TreeOptions, deps: TreeDeps): Promise<string> {
  const lines: string[] = [];
  for await (const line of linesBelow(await deps.sandbox.list(root), 1, options, deps)) {
    if (lines.length === mostLines) {
      lines.push(`[the rest is left out: a tree has at most ${mostLines} lines]`);
      break;
    }
    lines.push(line);
  }
  return lines.join('\n');
}

async function* linesBelow(
  entries: readonly FileInfo[],
  level: number,
  options: TreeOptions,
  deps: TreeDeps,
): AsyncGenerator<string> {
  const indent = '  '.repeat(level - 1);
  const visible = options.hidden === 'show' ? entries : entries.filter((entry) => !nameOf(entry).startsWith('.'));
  const shown = visible.slice(0, options.itemsPerFolder);
  for (const entry of shown) {
    deps.signal.throwIfAborted();
    const opened = entry.type === 'directory' && level < options.depth;
    yield indent + label(entry, opened);
    if (!opened) continue;
    const below = await deps.sandbox.list(entry.path).catch(messageOf);
    if (typeof below === 'string') yield `${indent}  [cannot be read: ${below}]`;
    else yield* linesBelow(below, level + 1, options, deps);
  }
  const more = visible.length - shown.length;
  const hidden = entries.length - visible.length;
  if (entries.length === 0) yield `${indent}[empty]`;
  if (more > 0) yield `${indent}[${more} more]`;
  if (hidden > 0) yield `${indent}[${hidden} hidden]`;
}

function label(entry: FileInfo, opened: boolean): string {
  // A line break in a name would look like two entries.
  const name = nameOf(entry).replaceAll(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
  switch (entry.type) {
    case 'directory':
      return opened ? `${name}/` : `${name}/…`;
    case 'file':
      return `${name} (${entry.size})`;
    case 'other':
      return `${name} (neither file nor folder)`;
    default:
      return entry.type satisfies never;
  }
}

function nameOf(entry: FileInfo): string {
  return posix.basename(entry.path);
}
