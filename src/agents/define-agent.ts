import { isSageError, messageOf, SageError } from '../errors.ts';
import { readMessage } from '../messages/codec.ts';
import type { MessageChunk, MessageType } from '../messages/message.ts';
import type { AddedMessage } from '../session/session.ts';
import type { Agent, AgentContext, NodeOutcome } from './agent.ts';
import type { RunContext } from './run-context.ts';
import { settleOpenCalls, step, type StepOutcome } from './step.ts';

/** What a host's own agent works with. */
export interface CustomAgentContext extends RunContext {
  /** The node's `agent_config`, `{}` where it has none. */
  readonly agentConfig: Readonly<Record<string, unknown>>;
  /** Aborts when the run is stopped, and when a sibling branch has failed. Pass it on to whatever waits. */
  readonly signal: AbortSignal;
  /**
   * One model call with the session's history, and the tools it calls: `yield* context.step()`. Returns `acted` when tools were
   * called, so that the model is to be called again, `done` when it had nothing to call, or why the run can go no further.
   */
  readonly step: () => AsyncGenerator<MessageChunk[], StepOutcome>;
  /**
   * Says something without a model: stores a message, and gives the chunks to yield.
   *
   * @throws {SageError} `invalid-argument` for what is no message.
   */
  readonly add: (message: SaidMessage) => MessageChunk[];
}

/** Without `message_type` it is what its role makes it. */
export type SaidMessage = Omit<AddedMessage, 'agent_name' | 'session_id' | 'message_type'> & {
  readonly message_type?: MessageType;
};

/**
 * A host's own agent, for flows to name. It yields what `step` and `add` give it, and returns what it came to; where that is
 * not `done`, the run ends with it. An error it throws ends the run as `failed`/`flow-error`.
 *
 * A run that is continued after a crash enters the agent again from its beginning, after its open tool calls were settled:
 * `state` and `messages` tell what was done.
 */
export interface AgentDefinition {
  readonly key: string;
  run(context: CustomAgentContext): AsyncGenerator<MessageChunk[], NodeOutcome>;
}

/** @throws {SageError} `invalid-argument` for a key or `run` that cannot be used. */
export function defineAgent(definition: AgentDefinition): AgentDefinition {
  const { key } = definition;
  if (typeof key !== 'string' || key === '') throw unusable('key', key, 'a string that is not empty');
  if (typeof definition.run !== 'function') throw unusable('run', typeof definition.run, 'an async generator function');
  return definition;
}

/** The agent as a flow runs it. `view` gives what it sees of the run. */
export function fromDefinition(definition: AgentDefinition): Agent {
  return {
    key: definition.key,
    async *run(context) {
      const ended = yield* settleOpenCalls(context);
      if (ended !== undefined) return ended;
      try {
        const outcome = readOutcome(yield* passStored(start(definition, context)));
        if (outcome.type !== 'stopped' || context.signal.aborted) return outcome;
        throw new Error('it returned stopped, and nobody has stopped it. Return what it came to.');
      } catch (error) {
        if (context.signal.aborted) return { type: 'stopped' };
        if (isOurs(error)) throw error;
        return { type: 'failed', error: agentFailed(definition.key, error) };
      }
    },
  };
}

function start(definition: AgentDefinition, context: AgentContext): AsyncGenerator<MessageChunk[], NodeOutcome> {
  const batches: unknown = definition.run(toCustomContext(context));
  if (typeof batches === 'object' && batches !== null && 'next' in batches) return batches as ReturnType<Agent['run']>;
  throw new Error('its run gave no generator. Make it an async generator function: async *run(context) { … }.');
}

/** What a step throws is no fault of the agent. */
function isOurs(error: unknown): boolean {
  return (['session-lost', 'store-failed', 'sandbox-error', 'sandbox-unavailable'] as const).some((code) =>
    isSageError(error, code),
  );
}

function toCustomContext(context: AgentContext): CustomAgentContext {
  const { session, agentName, signal, agentConfig, view } = context;
  return {
    sessionId: view.sessionId,
    runId: view.runId,
    settings: view.settings,
    state: view.state,
    systemContext: view.systemContext,
    get messages() {
      return view.messages;
    },
    agentConfig,
    signal,
    step: () => step(context),
    add: (message) => session.add({ ...readSaid(message), agent_name: agentName }),
  };
}

/** What the model is sent must be whole: a message it cannot be sent would end this run, and every later one. */
function readSaid(message: SaidMessage): AddedMessage {
  const { session_id: _, ...read } = readMessage(message, 'message');
  const { message_type = read.message_type, error_info } = message;
  return { ...read, message_type, ...(error_info === undefined ? {} : { error_info }) };
}

/** What is yielded has been stored: a chunk somebody made by hand would be seen by this reader and by no other. */
async function* passStored(
  batches: AsyncGenerator<MessageChunk[], NodeOutcome>,
): AsyncGenerator<MessageChunk[], NodeOutcome> {
  let next = await batches.next();
  try {
    for (; !next.done; next = await batches.next()) {
      const batch: unknown = next.value;
      if (!Array.isArray(batch) || batch.some((chunk) => typeof chunk?.seq !== 'number')) {
        throw new Error('it yielded something that is not stored. Yield what context.step() and context.add() give.');
      }
      yield next.value;
    }
    return next.value;
  } finally {
    if (!next.done) await batches.return({ type: 'stopped' });
  }
}

const outcomes = [
  'done',
  'need-user-input',
  'max-loops',
  'loop-detected',
  'budget',
  'approval-required',
  'hook-stopped',
  'stopped',
  'failed',
];

function readOutcome(outcome: NodeOutcome): NodeOutcome {
  const given: unknown = outcome;
  const type = typeof given === 'object' && given !== null && 'type' in given ? given.type : undefined;
  if (!outcomes.includes(type as string)) {
    const found = typeof type === 'string' ? `type "${type}"` : 'no type';
    throw new Error(`it returned ${found}. Return { type } with one of: ${outcomes.join(', ')}.`);
  }
  if (type === 'failed' && !isSageError((given as { error?: unknown }).error)) {
    throw new Error('it returned failed without a SageError as error. Throw the error instead.');
  }
  return outcome;
}

function agentFailed(key: string, cause: unknown): SageError {
  return new SageError('flow-error', `Agent "${key}" failed: ${messageOf(cause)}`, { agent: key }, { cause });
}

function unusable(option: string, given: unknown, allowed: string): SageError {
  const message = `An agent's ${option} cannot be ${JSON.stringify(given) ?? 'nothing'}. Allowed: ${allowed}.`;
  return new SageError('invalid-argument', message, { option, given, allowed });
}
