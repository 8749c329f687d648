import fc from 'fast-check';
import type { MessageChunk, Piece } from '../../src/messages/message.ts';
import { answerOpenCalls, resultEntries, resultMessage } from '../../src/session/open-calls.ts';
import type { MessageStream, Session } from '../../src/session/session.ts';
import { callers } from './helpers.ts';

/** One thing an owner of a session may do next. `pick` chooses among what is there. */
export interface Move {
  readonly type: keyof typeof moves;
  readonly pick: number;
  readonly text: string;
}

interface Stage {
  readonly session: Session;
  readonly streams: MessageStream[];
}

/** Everything an owner does to a session, each in a way that is allowed at any time. */
const moves = {
  say: ({ session }, { text }) =>
    session.add({ role: 'user', content: text, message_type: 'user_input' }, { context: `<context>${text}</context>` }),
  hide: ({ session }, { text }) =>
    session.add({ role: 'user', content: text, message_type: 'guide', metadata: { hidden_from_chat: true } }),
  show: ({ session }, { text }) => session.add({ role: 'assistant', content: text, message_type: 'error' }),
  reply: ({ session }, { text }) => session.add({ role: 'assistant', content: text, message_type: 'assistant_text' }),
  call: ({ session }, { pick }) => {
    const names = ['look', 'read', 'write'].slice(0, 1 + (pick % 3));
    return session.append([{ type: 'message', message: callers(session.createId(), names) }]);
  },
  start: (stage, { pick, text }) => {
    const stream = stage.session.startMessage({
      role: 'assistant',
      agent_name: 'simple',
      ...(pick % 7 === 0 ? { message_type: 'do_subtask_result' } : {}),
    });
    stage.streams.push(stream);
    return stream.add(pieces(pick, text));
  },
  go_on: ({ streams }, { pick, text }) => choose(streams, pick)?.add(pieces(pick, text)) ?? [],
  close: ({ session, streams }, { pick }) => {
    const stream = choose(streams, pick);
    if (stream === undefined) return [];
    streams.splice(streams.indexOf(stream), 1);
    return session.append(stream.closing(pick % 3 === 0 ? { incomplete: 'aborted' } : undefined));
  },
  intend: ({ session }, { pick }) => {
    const open = choose([...session.ledger.openCalls.values()], pick);
    return open === undefined ? [] : session.append([{ type: 'intents', message_id: open.messageId, calls: [0] }]);
  },
  settle: ({ session }, { pick, text }) => {
    const open = choose([...session.ledger.openCalls.values()], pick);
    const waiting = open?.calls
      .map((_, index) => index)
      .filter((index) => !open.answered.has(index) && !open.settled.has(index));
    const index = choose(waiting ?? [], pick);
    if (open === undefined || index === undefined) return [];
    return session.append(resultEntries(open, index, resultMessage(open, index, session.createId, text, 'success')));
  },
  give_up: ({ session }, { pick }) => {
    const open = choose([...session.ledger.openCalls.values()], pick);
    return open === undefined ? [] : session.append(answerOpenCalls(open, session.createId));
  },
  guide: ({ session }, { pick, text }) => session.append(session.ledger.guidance.queue(`g${pick % 5}`, `!${text}`, {})),
  unguide: ({ session }, { pick }) => session.append([session.ledger.guidance.delete(`g${pick % 5}`) ?? []].flat()),
  ask: ({ session }) => session.beginModelCall({ model: 'scripted', node: 'root', message_id: 'x' }),
  used: ({ session }, { pick }) => session.append([{ type: 'model_used', usage: { prompt_tokens: pick } }]),
  keep: ({ session }, { text }) => session.append([{ type: 'state', key: 'k', value: text }]),
  run: ({ session }, { pick }) => {
    const prefix = { system: 's', tools: 't' };
    return session.append([
      { type: 'run_started', run_id: `r${pick % 3}`, agent_mode: 'simple', flow: 'f', attempt: 1, prefix },
      { type: 'node_entered', path: 'root', node_type: 'agent', agent_key: 'simple' },
    ]);
  },
  end: ({ session }) =>
    session.append([
      { type: 'node_left', path: 'root', outcome: 'done' },
      { type: 'run_ended', run_id: 'r0', status: 'completed', reason: 'done', phase: 'closing' },
    ]),
} satisfies Record<string, (stage: Stage, move: Move) => MessageChunk[]>;

export const anyMove: fc.Arbitrary<Move> = fc.record({
  type: fc.constantFrom(...(Object.keys(moves) as (keyof typeof moves)[])),
  pick: fc.nat(20),
  text: fc.string({ maxLength: 8 }),
});

/** What an owner did, in any order. */
export const scripts = fc.array(anyMove, { maxLength: 40, size: 'max' });

/** Who makes moves in a session, one after the other, and gives what its owner was shown. */
export function createPlayer(session: Session): (move: Move) => MessageChunk[] {
  const stage: Stage = { session, streams: [] };
  return (next) => {
    const act: (stage: Stage, move: Move) => MessageChunk[] = moves[next.type];
    return act(stage, next);
  };
}

/** Plays a script, and gives what the owner was shown after each move. */
export function play(session: Session, script: readonly Move[], afterMove: () => void = () => {}): MessageChunk[][] {
  const make = createPlayer(session);
  return script.map((next) => {
    const shown = make(next);
    afterMove();
    return shown;
  });
}

function pieces(pick: number, text: string): Piece[] {
  const call = {
    index: pick % 2,
    ...(pick % 3 === 0 ? { id: `c${pick}`, function: { name: 'look' } } : { function: { arguments: text } }),
  };
  const all: Piece[] = [
    { content: text },
    { reasoning_content: text },
    { tool_calls: [call] },
    { content: text, tool_calls: [call] },
  ];
  return [all[pick % 4] as Piece, { content: `${pick}` }];
}

function choose<T>(values: readonly T[], pick: number): T | undefined {
  return values[pick % Math.max(1, values.length)];
}
