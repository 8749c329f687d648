import { setTimeout as wait } from 'node:timers/promises';
import { isSageError, SageError } from '../errors.ts';
import type { Piece } from '../messages/message.ts';
import { linkAbort, type LinkedAbort } from '../streams/abort.ts';
import type { ActiveClock } from '../streams/active-clock.ts';
import { Deadline } from '../streams/deadline.ts';
import { toModelError } from './model-error.ts';
import { toModelFailure, unfinished, type ModelFailure } from './model-failure.ts';
import { openAnswer } from './open-answer.ts';
import { AnswerReader } from './read-stream.ts';
import { toCreateArguments, type CreateArguments } from './request.ts';
import { nextTryMs } from './retry.ts';
import type { ChatModel, ModelEnd, ModelRequest, ModelStream } from './model.ts';

/** Milliseconds of active time: `stepMs` for the call with all its tries, the others for one wait. */
export interface ModelDeadlines {
  readonly stepMs: number;
  /** From a request to its first piece. */
  readonly firstChunkMs: number;
  /** Between two reads that bring chunks. */
  readonly chunkMs: number;
}

export interface CallModelDeps {
  readonly model: ChatModel;
  readonly signal: AbortSignal;
  /** Stands still while the reader holds a batch; whoever yields to that reader pauses it. */
  readonly clock: ActiveClock;
  readonly deadlines: ModelDeadlines;
  /** From 0 to 1, for the jitter of back-off. Default `Math.random`. */
  readonly random?: () => number;
}

/**
 * Asks the model and yields the pieces of its answer, a batch for what arrived together. Returns what it came to.
 *
 * Failing requests are repeated (`nextTryMs` tells which, and when) as long as no piece has been streamed. Aborting
 * `signal` at any point ends the call promptly with `aborted`, also if the client is deaf to it; if it has aborted before,
 * nothing is sent. A deadline is a failure with the code `deadline`. Once the model has said why it stopped, the answer
 * is whole, and what goes wrong after that does not matter. Throws only for bugs.
 *
 * Leaving early closes the connection; a read under way is only freed by `signal`: abort it first, then leave.
 */
export async function* callModel(request: ModelRequest, deps: CallModelDeps): ModelStream {
  const { model, random = Math.random } = deps;
  if (deps.signal.aborted) return { type: 'aborted' };
  using scope = linkAbort(deps.signal);
  using _step = watch('stepMs', scope, deps);
  const createArguments = toCreateArguments(model, request, scope.signal);
  for (let tries = 1; ; tries++) {
    const attempt = yield* tryOnce(createArguments, scope, deps);
    if (deps.signal.aborted) return { type: 'aborted' };
    const waitMs = nextTryMs(attempt.failure, tries, random);
    if (waitMs === undefined || isFinal(attempt, scope.signal)) return toEnd(attempt, tries, scope.signal);
    // It rejects only when the scope ends, which is looked at next.
    await wait(waitMs, undefined, { signal: scope.signal }).catch(() => {});
    if (deps.signal.aborted) return { type: 'aborted' };
    if (scope.signal.aborted) return toEnd(attempt, tries, scope.signal);
  }
}

/** What one request came to. `failure` counts only where the answer has no finish reason. */
interface Attempt {
  readonly answer: AnswerReader;
  readonly streamed: boolean;
  readonly failure: ModelFailure;
}

async function* tryOnce(
  createArguments: CreateArguments,
  scope: LinkedAbort,
  deps: CallModelDeps,
): AsyncGenerator<readonly Piece[], Attempt> {
  const answer = new AnswerReader();
  let silence = watch('firstChunkMs', scope, deps);
  let streamed = false;
  let isHeld = false;
  try {
    for await (const batch of await openAnswer(deps.model, createArguments, scope.signal)) {
      const pieces = answer.read(batch);
      if (pieces.length > 0) {
        if (!streamed) {
          streamed = true;
          silence.close();
          silence = watch('chunkMs', scope, deps);
        }
        silence.hold();
        isHeld = true;
        yield pieces;
        isHeld = false;
      }
      if (answer.failure !== undefined) throw answer.failure;
      if (streamed) silence.refresh();
    }
    return { answer, streamed, failure: unfinished };
  } catch (error) {
    // Thrown into the generator by its reader: not the model's failure.
    if (isHeld) throw error;
    return { answer, streamed, failure: toModelFailure(error, secretsOf(deps.model)) };
  } finally {
    silence.close();
    if (isHeld) scope.abort();
  }
}

/** Whether nothing may be tried again: the answer is whole, its reader has seen a part of it, or a deadline has passed. */
function isFinal({ answer, streamed }: Attempt, signal: AbortSignal): boolean {
  return streamed || answer.finishReason !== undefined || signal.aborted;
}

function toEnd({ answer, streamed, failure }: Attempt, tries: number, signal: AbortSignal): ModelEnd {
  const usage = answer.usage === undefined ? {} : { usage: answer.usage };
  if (answer.finishReason !== undefined) return { type: 'finished', finishReason: answer.finishReason, ...usage };
  const outOfTime = isSageError(signal.reason) ? signal.reason : undefined;
  const error = outOfTime ?? toModelError(failure, tries);
  if (!streamed) return { type: 'failed', error, ...usage };
  return { type: 'failed', error, cut: outOfTime === undefined ? 'stream-cut' : 'deadline', ...usage };
}

/** Ends the call's scope when the deadline passes. Whoever calls it closes it. */
function watch(deadline: keyof ModelDeadlines, scope: LinkedAbort, { clock, deadlines }: CallModelDeps): Deadline {
  const ms = deadlines[deadline];
  return new Deadline({ clock, ms, onExpired: () => scope.abort(toDeadlineError(deadline, ms)) });
}

const deadlineStories = {
  stepMs: 'The model call with its retries took longer than',
  firstChunkMs: 'The model sent nothing within',
  chunkMs: "The model's answer stood still for",
} as const;

function toDeadlineError(deadline: keyof ModelDeadlines, ms: number): SageError<'deadline'> {
  const message = `${deadlineStories[deadline]} ${ms} ms. Allow more with deadlines.${deadline}, or try again.`;
  return new SageError('deadline', message, { deadline, ms });
}

/** A provider may repeat the key it was called with. */
function secretsOf(model: ChatModel): string[] {
  return 'apiKey' in model && typeof model.apiKey === 'string' ? [model.apiKey] : [];
}
