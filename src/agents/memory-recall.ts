import { textOf, type Message } from '../messages/message.ts';
import { searchNotes, type Note } from '../memory/search-notes.ts';
import { cut, splitNotes } from '../memory/split-notes.ts';
import type { Agent, AgentContext } from './agent.ts';
import { memoryRecallText } from './prompts/memory-recall.ts';
import { defineState } from './state-piece.ts';
import { tellHidden } from './tell.ts';

const recalledState = defineState<string>('memory_recall');

/** Turns of the user that the model has before its eyes anyway. */
const recentTurns = 10;
/** Older ones that are searched. */
const mostTurns = 200;
const mostNotes = 5;
const mostFiles = 50;
const mostBytes = 256 * 1024;

/** Where an agent keeps what it wants to know later, in its workspace. */
const memoryFile = 'MEMORY.md';
const memoryFolder = 'memory';

/**
 * Shows the model what older turns of the session and the workspace's memory files have on what the user says now. No model
 * is asked, and where nothing fits nothing is said.
 */
export const memoryRecallAgent: Agent = {
  key: 'memory_recall',
  async *run(context) {
    const { node, view } = context;
    if (recalledState.of(view.state) === node) return { type: 'done' };
    const visible = view.messages.filter(({ metadata }) => metadata?.['hidden_from_chat'] !== true);
    const now = visible.findLastIndex(({ role }) => role === 'user');
    const newest = visible[now];
    if (newest === undefined) return { type: 'done' };
    const notes = [...olderTurns(visible.slice(0, now)), ...(await memoryNotes(context))];
    const found = await searchNotes(notes, textOf(newest), mostNotes);
    if (found.length > 0) yield tellHidden(context, memoryRecallText({ notes: found }), [recalledState.entry(node)]);
    return { type: 'done' };
  },
};

/** Each with what was answered to it. */
function olderTurns(messages: readonly Message[]): Note[] {
  const begins = messages.flatMap(({ role }, place) => (role === 'user' ? [place] : []));
  return begins.slice(-recentTurns - mostTurns, -recentTurns).map((begin) => {
    const turn = begins.indexOf(begin);
    const said = messages.slice(begin, begins[turn + 1]).filter(({ role }) => role !== 'tool');
    const text = said.map(textOf).filter((one) => one !== '');
    return { source: `turn ${turn + 1}`, text: cut(text.join('\n')) };
  });
}

/** A run whose agents cannot reach files has written none. */
async function memoryNotes({ tools, hasInWorkspace, openSandbox }: AgentContext): Promise<Note[]> {
  if (!tools.listTools().some(({ sandbox }) => sandbox === 'needed')) return [];
  if (!(await hasInWorkspace([memoryFile, memoryFolder]))) return [];
  const sandbox = await openSandbox();
  const { files } = await sandbox.glob(`{${memoryFile},${memoryFolder}/**/*.md}`, { limit: mostFiles });
  const notes: Note[] = [];
  for (const { path, size } of files) {
    if (size > mostBytes) continue;
    const text = new TextDecoder().decode(await sandbox.readFile(path).catch(() => new Uint8Array()));
    notes.push(...splitNotes(path, text));
  }
  return notes;
}
