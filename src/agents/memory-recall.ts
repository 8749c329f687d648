import { textOf } from '../messages/message.ts';
import { isVisible } from '../messages/visibility.ts';
import { isShown } from '../memory/is-shown.ts';
import type { Note } from '../memory/note.ts';
import { searchNotes } from '../memory/search-notes.ts';
import { splitNotes } from '../memory/split-notes.ts';
import { splitTurns } from '../memory/split-turns.ts';
import type { Agent, AgentContext } from './agent.ts';
import { isMemoryRecall, memoryRecallText } from './prompts/memory-recall.ts';
import { defineState } from './state-piece.ts';
import { tellHidden } from './tell.ts';

const recalledState = defineState<string>('memory_recall');

/** Of what was said and of what was written: each kind is searched by itself, as its words are common or rare in it. */
const mostOfEach = 3;
const mostFiles = 50;
/** Of all files together. */
const mostBytes = 1024 * 1024;

/** Where an agent keeps what it wants to know later, in its workspace. */
const memoryFile = 'MEMORY.md';
const memoryFolder = 'memory';

/**
 * Shows the model what older turns of the session and the workspace's memory files have on what the user says now. No model
 * is asked; where nothing fits, or the model still sees all that does, nothing is said.
 */
export const memoryRecallAgent: Agent = {
  key: 'memory_recall',
  async *run(context) {
    const { node, session, view } = context;
    if (recalledState.of(view.state) === node) return { type: 'done' };
    const { messages } = view;
    const now = messages.findLastIndex((message) => message.role === 'user' && isVisible(message));
    const newest = messages[now];
    if (newest === undefined) return { type: 'done' };
    const query = textOf(newest);
    const { older, recent } = splitTurns(messages.slice(0, now));
    const said = searchNotes(older, query, recent);
    const written = searchNotes(await memoryNotes(context), query);
    if (said.length + written.length === 0) return { type: 'done' };

    const history = session.history();
    // The history has every older turn: of those counts what was recalled, and what the recent ones say again.
    const nearby = [...history.filter(isMemoryRecall), ...recent.map((text) => JSON.stringify(text))];
    const notes = [...unseen(written, history), ...unseen(said, nearby)];
    if (notes.length > 0) yield tellHidden(context, memoryRecallText({ notes }), [recalledState.entry(node)]);
    return { type: 'done' };
  },
};

/** The best of those the model does not see already, each once. */
function unseen(fitting: readonly Note[], seen: readonly string[]): Note[] {
  const notes = new Map<string, Note>();
  for (const note of fitting) {
    if (notes.size === mostOfEach) break;
    if (!notes.has(note.text) && !isShown(note, seen)) notes.set(note.text, note);
  }
  return [...notes.values()];
}

/** A run whose agents cannot reach files has written none. */
async function memoryNotes({ tools, hasInWorkspace, openSandbox }: AgentContext): Promise<Note[]> {
  if (!tools.listTools().some(({ sandbox }) => sandbox === 'needed')) return [];
  if (!(await hasInWorkspace([memoryFile, memoryFolder]))) return [];
  const sandbox = await openSandbox();
  const { files } = await sandbox.glob(`{${memoryFile},${memoryFolder}/**/*.md}`, { limit: mostFiles });
  const notes: Note[] = [];
  let left = mostBytes;
  for (const { path, size } of files) {
    if (size > left) continue;
    left -= size;
    const text = new TextDecoder().decode(await sandbox.readFile(path).catch(() => new Uint8Array()));
    notes.push(...splitNotes(path, text));
  }
  return notes;
}
