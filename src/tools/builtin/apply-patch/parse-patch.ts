import { SageError } from '../../../errors.ts';

export interface HunkLine {
  readonly type: 'keep' | 'remove' | 'add';
  readonly text: string;
}

/** Lines that stand together, and what becomes of them. */
export interface Hunk {
  /** What follows `@@`: a line above the hunk, which tells it from others like it. */
  readonly context: string;
  readonly lines: readonly HunkLine[];
  /** Whether it stands at the end of the file. */
  readonly isAtEnd: boolean;
}

export type FileChange =
  | { readonly type: 'add'; readonly path: string; readonly lines: readonly string[] }
  | { readonly type: 'delete'; readonly path: string }
  | { readonly type: 'update'; readonly path: string; readonly moveTo?: string; readonly hunks: readonly Hunk[] };

const mostBytes = 1_000_000;
const mostFiles = 200;

/**
 * Reads a patch in the form that begins with `*** Begin Patch`. Paths are relative to the workspace.
 *
 * @throws {SageError} `tool-error` with the number of the line that is wrong, and what may stand there.
 */
export function parsePatch(patch: string): readonly FileChange[] {
  if (Buffer.byteLength(patch) > mostBytes) throw mistake(`The patch is longer than ${mostBytes} bytes. Split it`);
  const lines = patch.trim().split(/\r?\n/);
  if (lines[0] !== '*** Begin Patch' || lines.at(-1) !== '*** End Patch') {
    throw mistake('The patch must begin with the line "*** Begin Patch" and end with "*** End Patch"');
  }
  const changes: FileChange[] = [];
  for (let at = 1; at < lines.length - 1;) {
    const end = nextFile(lines, at + 1);
    changes.push(readChange(lines, at, end));
    at = end;
  }
  if (changes.length === 0) throw mistake('The patch changes nothing');
  if (changes.length > mostFiles) throw mistake(`The patch has more than ${mostFiles} files. Split it`);
  return changes;
}

function nextFile(lines: readonly string[], from: number): number {
  const found = lines.findIndex(
    (line, i) => i >= from && /^\*\*\* (Add|Update|Delete) File: |^\*\*\* End Patch$/.test(line),
  );
  return found === -1 ? lines.length - 1 : found;
}

function readChange(lines: readonly string[], at: number, end: number): FileChange {
  const [, kind, path = ''] = /^\*\*\* (Add|Update|Delete) File: (.+)$/.exec(lines[at] ?? '') ?? [];
  checkPath(path, at);
  const body = lines.slice(at + 1, end);
  switch (kind) {
    case 'Add': {
      const wrong = body.findIndex((line) => !line.startsWith('+'));
      if (wrong !== -1) throw mistake(`Line ${at + wrong + 2} of a new file must begin with "+"`);
      return { type: 'add', path, lines: body.map((line) => line.slice(1)) };
    }
    case 'Delete':
      if (body.length > 0) throw mistake(`Line ${at + 2} follows a file that is deleted, and means nothing`);
      return { type: 'delete', path };
    case 'Update':
      return readUpdate(path, body, at + 2);
    default:
      throw mistake(`Line ${at + 1} must be "*** Add File: ", "*** Update File: " or "*** Delete File: " and a path`);
  }
}

function readUpdate(path: string, body: readonly string[], firstLine: number): FileChange {
  const moveTo = /^\*\*\* Move to: (.+)$/.exec(body[0] ?? '')?.[1];
  if (moveTo !== undefined) checkPath(moveTo, firstLine - 1);
  const hunks: { context: string; lines: HunkLine[]; isAtEnd: boolean }[] = [];
  body.slice(moveTo === undefined ? 0 : 1).forEach((line, i) => {
    if (line.startsWith('@@') || hunks.length === 0) {
      const context = line.startsWith('@@') ? line.slice(2).trim() : '';
      hunks.push({ context, lines: [], isAtEnd: false });
      if (line.startsWith('@@')) return;
    }
    const hunk = hunks.at(-1);
    const text = line.slice(1);
    if (line === '*** End of File' && hunk !== undefined) hunk.isAtEnd = true;
    else if (line.startsWith('+')) hunk?.lines.push({ type: 'add', text });
    else if (line.startsWith('-')) hunk?.lines.push({ type: 'remove', text });
    else if (line.startsWith(' ') || line === '') hunk?.lines.push({ type: 'keep', text });
    else throw mistake(`Line ${firstLine + i + (moveTo === undefined ? 0 : 1)} must begin with " ", "+", "-" or "@@"`);
  });
  if (hunks.length === 0 && moveTo === undefined) throw mistake(`The update of "${path}" changes nothing`);
  return { type: 'update', path, ...(moveTo === undefined ? {} : { moveTo }), hunks };
}

function checkPath(path: string, at: number): void {
  const parts = path.split('/');
  const isOutside = path.startsWith('/') || path.startsWith('~') || /^[A-Za-z]:|\\/.test(path) || parts.includes('..');
  if (!isOutside && !parts.includes('.git')) return;
  throw mistake(`Line ${at + 1}: "${path}" must be a path relative to the workspace, without "..", and not in .git`);
}

export function mistake(message: string): SageError {
  return new SageError('tool-error', `${message}. Nothing was changed.`, { tool: 'apply_patch' });
}
