import { setTimeout as wait } from 'node:timers/promises';
import { isSageError, SageError } from '../errors.ts';
import { linkAbort } from '../streams/abort.ts';
import type { ActiveClock } from '../streams/active-clock.ts';
import { Deadline } from '../streams/deadline.ts';
import { toModelError } from './model-error.ts';
import { toModelFailure, unfinished } from './model-failure.ts';
import { openAnswer } from './open-answer.ts';
import { AnswerReader } from './read-stream.ts';
import { toCreateArguments } from './request.ts';
import { nextTryMs } from './retry.ts';
import type { ChatModel, ModelRequest, ModelStream } from './model.ts';

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
  const { model, clock, deadlines, random = Math.random } = deps;
  const scope = linkAbort(deps.signal);
  const { signal } = scope;
  const watch = (deadline: keyof ModelDeadlines) => {
    const ms = deadlines[deadline];
    return new Deadline({ clock, ms, onExpired: () => scope.abort(toDeadlineError(deadline, ms)) });
  };
  const step = watch('stepMs');
  let readerLeft = false;
  try {
    const createArguments = toCreateArguments(model, request, signal);
    for (let tries = 1; ; tries++) {
      const answer = new AnswerReader();
      let silence = watch('firstChunkMs');
      let streamed = false;
      let failure = unfinished;
      try {
        for await (const batch of await openAnswer(model, createArguments, signal)) {
          const pieces = answer.read(batch);
          if (pieces.length > 0) {
            if (!streamed) {
              streamed = true;
              silence.close();
              silence = watch('chunkMs');
            }
            silence.hold();
            readerLeft = true;
            yield pieces;
            readerLeft = false;
          }
          if (answer.failure !== undefined) throw answer.failure;
          if (streamed) silence.refresh();
        }
      } catch (error) {
        if (readerLeft) throw error;
        failure = toModelFailure(error, secretsOf(model));
      } finally {
        silence.close();
      }

      if (deps.signal.aborted) return { type: 'aborted' };
      const usage = answer.usage === undefined ? {} : { usage: answer.usage };
      if (answer.finishReason !== undefined) return { type: 'finished', finishReason: answer.finishReason, ...usage };
      const deadline = isSageError(signal.reason) ? signal.reason : undefined;
      const waitMs = streamed || deadline ? undefined : nextTryMs(failure, tries, random);
      if (waitMs === undefined) {
        const cut = deadline ? 'deadline' : 'stream-cut';
        const error = deadline ?? toModelError(failure, tries);
        return { type: 'failed', error, ...(streamed ? { cut } : {}), ...usage };
      }
      await wait(waitMs, undefined, { signal }).catch(() => {});
    }
  } finally {
    step.close();
    if (readerLeft) scope.abort();
    scope[Symbol.dispose]();
  }
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
