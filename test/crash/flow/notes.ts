import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** What the host's own parts of a flow write down in the world outside, whatever becomes of their process. */
export type Note =
  | { readonly type: 'entered'; readonly node: string }
  /** `rounds`: how many turns of the loop were done when it was asked. */
  | { readonly type: 'asked'; readonly condition: string; readonly rounds: number };

export function writeNote(root: string, sessionId: string, note: Note): void {
  const file = openSync(pathOf(root, sessionId), 'a');
  writeSync(file, `${JSON.stringify(note)}\n`);
  closeSync(file);
}

export function readNotes(root: string, sessionId: string): Note[] {
  const path = pathOf(root, sessionId);
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Note);
}

const pathOf = (root: string, sessionId: string): string => join(root, `${sessionId}.notes`);
