import {
  agent,
  choose,
  defineAgent,
  loop,
  parallel,
  SAgent,
  sequence,
  textOf,
  when,
  type AgentFlow,
  type AgentNode,
  type CustomAgentContext,
  type Message,
  type RunOptions,
} from 'sagents';
import { runOptions, type TurnOptions } from '../run-options.ts';
import { isDone } from './flow-answers.ts';
import { readNotes, writeNote } from './notes.ts';

const speaker = (name: string): AgentNode => agent('simple', { name, system_prefix: `You are ${name}.` });
const own = (key: string, name: string): AgentNode => agent(key, { name, system_prefix: `You are ${name}.` });

/** Every kind of node; in the middle three agents with tools side by side, one of them the host's own. */
export const wholeFlow: AgentFlow = {
  name: 'whole',
  root: sequence([
    own('starter', 'start'),
    when('coin', speaker('heads'), speaker('tails')),
    parallel([speaker('left'), speaker('right'), own('painter', 'paint')]),
    loop('rounds_left', speaker('round'), { max_loops: 5 }),
    choose('colour', { red: sequence([own('repainter', 'repaint'), speaker('red')]), blue: speaker('blue') }),
    speaker('writer'),
  ]),
};

/** Where the host's own agents stand. */
export const ownPaths: Readonly<Record<string, string>> = {
  start: 'root/steps/0',
  paint: 'root/steps/2/branches/2',
  repaint: 'root/steps/4/cases/red/steps/0',
};

/** Turns of the loop. */
export const wantedRounds = 2;

/** The agent of these tests, the same in every process. Its own parts write down when they are at work. */
export function createFlowAgent(root: string): SAgent {
  const entered = ({ sessionId, agentConfig }: CustomAgentContext) =>
    writeNote(root, sessionId, { type: 'entered', node: String(agentConfig['name']) });
  const starter = defineAgent({
    key: 'starter',
    // oxlint-disable-next-line require-yield -- It says nothing.
    async *run(context) {
      entered(context);
      context.state.set('colour', 'none');
      return { type: 'done' };
    },
  });
  const painter = defineAgent({
    key: 'painter',
    async *run(context) {
      entered(context);
      while (!hasSpoken(context, 'paint')) {
        const outcome = yield* context.step();
        if (outcome.type !== 'done' && outcome.type !== 'acted') return outcome;
      }
      context.state.set('colour', 'red');
      return { type: 'done' };
    },
  });
  const repainter = defineAgent({
    key: 'repainter',
    async *run(context) {
      entered(context);
      context.state.set('colour', 'blue');
      yield context.add({ role: 'assistant', content: 'Now it is blue.' });
      return { type: 'done' };
    },
  });
  const flowAgent = new SAgent({ sessionRootSpace: root, agents: [starter, painter, repainter] });
  // Whoever asks it twice gets another answer.
  flowAgent.registerCondition('coin', ({ sessionId }) => {
    writeNote(root, sessionId, { type: 'asked', condition: 'coin', rounds: 0 });
    const asked = readNotes(root, sessionId).filter((note) => note.type === 'asked' && note.condition === 'coin');
    return asked.length % 2 === 1;
  });
  flowAgent.registerCondition('rounds_left', ({ sessionId, messages }) => {
    const rounds = inThisTurn(messages).filter((message) => isLastWord(message, 'round')).length;
    writeNote(root, sessionId, { type: 'asked', condition: 'rounds_left', rounds });
    return rounds < wantedRounds;
  });
  return flowAgent;
}

/** One turn of a session through the whole flow. */
export function flowOptions(turn: TurnOptions): RunOptions {
  return { ...runOptions(turn), customFlow: wholeFlow, maxLoopCount: 40 };
}

function hasSpoken({ messages }: CustomAgentContext, node: string): boolean {
  return inThisTurn(messages).some((message) => isLastWord(message, node));
}

function isLastWord(message: Message, node: string): boolean {
  const isWhole = message.role === 'assistant' && message.metadata === undefined;
  return isWhole && textOf(message).endsWith(isDone(node));
}

/** What was said since the user spoke. */
function inThisTurn(messages: readonly Message[]): readonly Message[] {
  return messages.slice(messages.findLastIndex(({ message_type }) => message_type === 'user_input'));
}
