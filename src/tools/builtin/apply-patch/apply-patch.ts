import { messageOf } from '../../../errors.ts';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import { defineTool, type Tool } from '../../tool.ts';
import { readTextFile } from '../text-file.ts';
import { applyHunks } from './apply-hunks.ts';
import { mistake, parsePatch, type FileChange } from './parse-patch.ts';

const parameters = {
  type: 'object',
  properties: {
    patch: {
      type: 'string',
      minLength: 1,
      description:
        'From "*** Begin Patch" to "*** End Patch": "*** Add File: path" with lines that begin with +; "*** Delete File: path"; ' +
        '"*** Update File: path", after it maybe "*** Move to: path", with hunks: a line "@@" and maybe a line that stands above, then ' +
        'lines that begin with a space (kept), - (removed) or + (added), at the end of the file "*** End of File". Paths are relative to the workspace.',
    },
  },
  required: ['patch'],
  additionalProperties: false,
} as const;

/** What becomes of a file: its text before and after, `undefined` where there is none. */
interface Replacement {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What the model reads. */
interface ApplyPatchResult {
  readonly success: true;
  readonly files_changed: number;
  readonly changes: readonly { readonly type: FileChange['type']; readonly path: string; readonly move_to?: string }[];
}

/** Changes several text files at once: all of them, or none. */
export const applyPatch: Tool = defineTool({
  name: 'apply_patch',
  description:
    'Adds, changes, moves and deletes text files by one patch. If any part of it does not fit, nothing is changed.',
  parameters,
  effect: 'once',
  sandbox: 'needed',
  async execute({ patch }, { sandbox }): Promise<ApplyPatchResult> {
    const changes = parsePatch(patch);
    const replacements: Replacement[] = [];
    for (const change of changes) replacements.push(...(await planChange(sandbox, change)));
    const twice = replacements.find(({ path }, i) => replacements.findIndex((other) => other.path === path) !== i);
    if (twice !== undefined) throw mistake(`"${twice.path}" is changed twice. Put its changes together`);
    await commit(sandbox, replacements);
    const told = changes.map((change) => {
      const moved = change.type === 'update' && change.moveTo !== undefined ? { move_to: change.moveTo } : {};
      return { type: change.type, path: change.path, ...moved };
    });
    return { success: true, files_changed: replacements.length, changes: told };
  },
});

/** Reads what there is, and writes nothing. */
async function planChange(sandbox: Sandbox, change: FileChange): Promise<Replacement[]> {
  const { type, path } = change;
  if (type === 'add') {
    await mustBeMissing(sandbox, path);
    return [{ path, before: undefined, after: change.lines.map((line) => `${line}\n`).join('') }];
  }
  const before = await readTextFile(sandbox, path, 'apply_patch');
  if (type === 'delete') return [{ path, before, after: undefined }];
  const after = applyHunks(before, change.hunks, path);
  if (change.moveTo === undefined || change.moveTo === path) return [{ path, before, after }];
  await mustBeMissing(sandbox, change.moveTo);
  return [
    { path: change.moveTo, before: undefined, after },
    { path, before, after: undefined },
  ];
}

async function mustBeMissing(sandbox: Sandbox, path: string): Promise<void> {
  const found = await sandbox.stat(path).catch(() => undefined);
  if (found !== undefined) throw mistake(`"${path}" exists already. Update it, or choose another path`);
}

/** Writes first and deletes then; what fails half-way is taken back. */
async function commit(sandbox: Sandbox, replacements: readonly Replacement[]): Promise<void> {
  const done: Replacement[] = [];
  try {
    for (const one of replacements.toSorted((a, b) => Number(a.after === undefined) - Number(b.after === undefined))) {
      await put(sandbox, one.path, one.after);
      done.push(one);
    }
  } catch (error) {
    for (const { path, before } of done.toReversed()) await put(sandbox, path, before);
    throw mistake(`The patch could not be written: ${messageOf(error).replace(/\.$/, '')}`);
  }
}

async function put(sandbox: Sandbox, path: string, text: string | undefined): Promise<void> {
  if (text === undefined) await sandbox.remove(path);
  else await sandbox.writeFile(path, text);
}
