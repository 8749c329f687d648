import { SageError } from '../../errors.ts';
import { defineTool, type Tool, type ToolState } from '../tool.ts';

const statuses = ['pending', 'in_progress', 'completed'] as const;

/** A task of the todo list, as the session keeps it. */
export interface TodoTask {
  readonly id: string;
  readonly content: string;
  readonly status: (typeof statuses)[number];
  readonly conclusion?: string;
}

const stateKey = 'todo';

/** The todo list of a session, in its order. */
export function readTasks(state: Pick<ToolState, 'get'>): readonly TodoTask[] {
  // Only `todo_write` writes it.
  return (state.get(stateKey) as readonly TodoTask[] | undefined) ?? [];
}

const writeParameters = {
  type: 'object',
  properties: {
    tasks: {
      type: 'array',
      minItems: 1,
      maxItems: 200,
      description: 'Tasks to add, or to change by their id. Those not named stay as they are.',
      items: {
        type: 'object',
        properties: {
          id: { type: 'string', minLength: 1, description: 'A short name of the task.' },
          content: { type: 'string', minLength: 1, description: 'What is to be done. Needed for a new task.' },
          status: { type: 'string', enum: statuses, description: 'How it stands. A new task is pending.' },
          conclusion: { type: 'string', description: 'What came of it.' },
        },
        required: ['id'],
        additionalProperties: false,
      },
    },
  },
  required: ['tasks'],
  additionalProperties: false,
} as const;

/** Keeps the todo list of the session; it survives crashes. When all is completed, the next new task begins a new list. */
export const todoWrite: Tool = defineTool({
  name: 'todo_write',
  description:
    'Adds tasks to the todo list of this session, or changes them by their id. Keep exactly one in progress while you work. ' +
    'When all are completed, the next new task begins a new list.',
  parameters: writeParameters,
  effect: 'idempotent',
  execute({ tasks }, { state }) {
    const old = readTasks(state);
    const isOver = old.length > 0 && old.every(({ status }) => status === 'completed');
    const isNew = tasks.some(({ id }) => !old.some((task) => task.id === id));
    const merged = tasks.reduce(merge, isOver && isNew ? [] : old);
    state.set(stateKey, merged);
    const done = merged.filter(({ status }) => status === 'completed').length;
    return {
      summary: `${done} of ${merged.length} completed`,
      tasks: merged.map(({ id, content, status }, index) => ({ index, id, name: content, status })),
    };
  },
});

/** Shows the todo list as text. */
export const todoRead: Tool = defineTool({
  name: 'todo_read',
  description: 'Shows the todo list of this session.',
  parameters: { type: 'object', properties: {}, additionalProperties: false },
  effect: 'none',
  execute(_, { state }) {
    const tasks = readTasks(state);
    if (tasks.length === 0) return 'No tasks.';
    const unfinished = tasks.filter(({ status }) => status !== 'completed');
    const finished = tasks.filter(({ status }) => status === 'completed');
    return [...unfinished, ...finished].map(toLine).join('\n');
  },
});

interface TaskChange {
  readonly id: string;
  readonly content?: string | undefined;
  readonly status?: TodoTask['status'] | undefined;
  readonly conclusion?: string | undefined;
}

function merge(tasks: readonly TodoTask[], change: TaskChange): readonly TodoTask[] {
  const old = tasks.find(({ id }) => id === change.id);
  const content = change.content ?? old?.content;
  if (content === undefined) {
    const message = `Task "${change.id}" is new and needs content. Nothing was changed.`;
    throw new SageError('tool-error', message, { tool: 'todo_write' });
  }
  const conclusion = change.conclusion ?? old?.conclusion;
  const status = change.status ?? old?.status ?? 'pending';
  const task = { id: change.id, content, status, ...(conclusion === undefined ? {} : { conclusion }) };
  return old === undefined ? [...tasks, task] : tasks.map((one) => (one.id === task.id ? task : one));
}

function toLine({ id, content, status, conclusion }: TodoTask): string {
  const mark = { pending: '[ ]', in_progress: '[~]', completed: '[x]' }[status];
  return `${mark} ${id}: ${content}${conclusion === undefined ? '' : ` (${conclusion})`}`;
}
