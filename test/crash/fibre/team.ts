import { setTimeout } from 'node:timers/promises';
import type { AnswerParts, ScriptedAnswer, ScriptedCall } from 'sagents/testing';
import type { ChatRequest } from '../../../src/model/model.ts';
import type { SentMessage } from '../answers.ts';

/** What an agent does for one task: rounds of calls, then its last words, which may tell what its calls came to. */
interface Part {
  readonly rounds: readonly { readonly text: string; readonly calls: readonly ScriptedCall[] }[];
  readonly words?: (results: readonly string[]) => string;
}

/** What a delegating agent reads of each task. */
export interface TaskResult {
  readonly agent_id: string;
  readonly session_id: string;
  readonly status: string;
  readonly reason?: string;
  readonly error?: string;
  readonly result: string;
}

/** A task as the master delegates it when the user asks for it by `askAgain`. */
export interface AgainTask {
  readonly agent_id: string;
  readonly session_id: string;
}

export const buildIt = 'Build it.';
export const neverMind = 'Never mind.';
export const askAgain = (tasks: readonly AgainTask[]): string => `Ask again: ${JSON.stringify(tasks)}`;

/** What each agent has said when all is built, and nothing has disturbed it. */
export const wholeStory: Readonly<Record<string, string>> = {
  master:
    'Let me find people. So, to work with you. There they are: The hole is dug. The wall stands: The bricks are laid. It is written.',
  worker: 'I look at it first. Now for the rest of it. The hole is dug.',
  boss: 'My helper shall lay bricks. The wall stands: The bricks are laid.',
  helper: 'One brick, two bricks. The bricks are laid.',
  scribe: 'Where is my pen? That was all of it. ',
};

/** What a delegation has come to; nothing where it has no result. */
export const taskResults = (content: string): readonly TaskResult[] =>
  (JSON.parse(content) as { readonly results?: readonly TaskResult[] }).results ?? [];

const told = (content: string): string =>
  taskResults(content)
    .map(({ result }) => result)
    .join(' ');

/** Whoever it is that is asked. */
export function whoIsAsked([system]: readonly SentMessage[]): string {
  return /You are the (\w+)\./.exec(system?.content ?? '')?.[1] ?? 'nobody';
}

/**
 * The model of all of them. It looks only at the request, so any process can go on where another was killed; what it has said
 * already, before it was cut off, it does not say again. Like some providers it gives the same call ids in every message.
 */
export function teamAnswersFor(
  paceMs: number,
  onRequest: (messages: readonly SentMessage[]) => unknown,
): readonly ScriptedAnswer[] {
  const answer = async ({ messages }: ChatRequest): Promise<AnswerParts> => {
    await onRequest(messages);
    const pause = () => (paceMs === 0 ? undefined : setTimeout(paceMs));
    const at = Object.fromEntries(Array.from({ length: 20 }, (_, pair) => [2 * pair, pause]));
    return { ...teamAnswer(messages, paceMs), at };
  };
  return Array.from({ length: 200 }, () => answer);
}

function teamAnswer(messages: readonly SentMessage[], paceMs: number): AnswerParts {
  const asked = messages.findLastIndex(({ content }) => taskIn(content) !== undefined);
  const since = messages.slice(asked + 1);
  const part = partOf(whoIsAsked(messages), taskIn(messages[asked]?.content ?? '') ?? '', paceMs);
  const made = since.filter(({ tool_calls }) => tool_calls !== undefined).length;
  const came = since.filter(({ role }) => role === 'tool').map(({ content }) => content ?? '');
  const cut = since.slice(since.findLastIndex(({ role }) => role === 'tool') + 1);
  const said = cut.flatMap(({ role, content }) => (role === 'assistant' ? [content] : [])).join('');
  const { text, calls: toolCalls } = part.rounds[made] ?? { text: part.words?.(came) ?? '', calls: [] };
  if (!text.startsWith(said)) throw new Error(`It was cut off at "${said}", which is not of "${text}".`);
  const pieces = text.slice(said.length).split(/(?<= )/);
  const usage = { prompt_tokens: 7, completion_tokens: 3 };
  return {
    ...(said === '' ? { reasoning: 'Hm. ' } : {}),
    text: pieces.filter((piece) => piece !== ''),
    toolCalls,
    usage,
  };
}

/** Only what a user, or whoever delegates, has said begins with the facts of the hour. */
function taskIn(content: string | null): string | undefined {
  return /^<context>.*?<\/context>\n\n(?:# .*?\n\n)?(.*)$/s.exec(content ?? '')?.[1];
}

function partOf(who: string, task: string, paceMs: number): Part {
  if (task === neverMind) return { rounds: [], words: () => 'Very well.' };
  if (task === 'Again.') return { rounds: who === 'worker' ? [onceMore(paceMs)] : [], words: () => 'Here I am.' };
  if (task.startsWith('Ask again: ')) {
    const tasks = JSON.parse(task.slice('Ask again: '.length)) as readonly AgainTask[];
    const again = tasks.map((one) => ({ ...one, task_name: 'Again', content: 'Again.' }));
    return { rounds: [{ text: 'I ask. ', calls: [delegate(again)] }], words: (came) => told(came.at(-1) ?? '') };
  }
  const part = builders(paceMs)[who];
  if (part === undefined) throw new Error(`Nobody is called "${who}".`);
  return part;
}

const onceMore = (paceMs: number) => ({ text: 'Once more. ', calls: [call('save', 2 * paceMs, 0), call('pay', 0, 1)] });

const call = (name: string, ms: number, index: number): ScriptedCall => ({
  name,
  arguments: ['{"ms":', `${ms}}`],
  id: `call_${index}`,
});

function builders(paceMs: number): Readonly<Record<string, Part>> {
  const callFor = (name: string, paces: number, index: number) => call(name, paces * paceMs, index);
  return {
    master: {
      rounds: [
        { text: 'Let me find people. ', calls: [spawnScribe] },
        { text: 'So, to work with you. ', calls: [delegate(tasks)] },
      ],
      words: (came) => `There they are: ${told(came.at(-1) ?? '')}`,
    },
    worker: {
      rounds: [
        { text: 'I look at it first. ', calls: [callFor('look', 6, 0), callFor('save', 2, 1), callFor('pay', 8, 2)] },
        { text: 'Now for the rest of it. ', calls: [callFor('pay', 6, 0), callFor('look', 1, 1)] },
      ],
      words: () => 'The hole is dug.',
    },
    boss: {
      rounds: [
        {
          text: 'My helper shall lay bricks. ',
          // Its result may have to wait for that of the call before it.
          calls: [
            callFor('look', 9, 0),
            delegate([{ agent_id: 'helper', task_name: 'Bricks', content: 'Lay bricks.' }], 1),
          ],
        },
      ],
      words: (came) => `The wall stands: ${told(came.at(-1) ?? '')}`,
    },
    helper: {
      rounds: [{ text: 'One brick, two bricks. ', calls: [callFor('save', 3, 0), callFor('pay', 2, 1)] }],
      words: () => 'The bricks are laid.',
    },
    scribe: {
      rounds: [
        { text: 'Where is my pen? ', calls: [callFor('look', 2, 0)] },
        {
          text: 'That was all of it. ',
          calls: [{ name: 'sys_finish_task', arguments: ['{"result":', '"It is written."}'], id: 'call_0' }],
        },
      ],
    },
  };
}

/** The tasks of the one delegation, in their order; who does the second delegates in turn. */
const tasks = [
  { agent_id: 'worker', task_name: 'Hole', content: 'Dig a hole.' },
  { agent_id: 'boss', task_name: 'Wall', content: 'Have a wall built.', original_task: buildIt },
  { agent_id: 'scribe', task_name: 'Notes', content: 'Write it down.' },
];

const spawnScribe: ScriptedCall = {
  name: 'sys_spawn_agent',
  arguments: [
    '{"name":"Scribe","description":"Writes things down.",',
    '"system_prompt":"You are the scribe.","available_tools":["look"]}',
  ],
  id: 'call_0',
};

function delegate(given: readonly object[], index = 0): ScriptedCall {
  const text = JSON.stringify({ tasks: given });
  return { name: 'sys_delegate_task', arguments: [text.slice(0, 9), text.slice(9)], id: `call_${index}` };
}
