import type { Content, Message, Metadata } from '../messages/message.ts';
import type { CallStatus } from '../session/open-calls.ts';
import type { ToolEffect } from '../tools/tool.ts';

/** Where a hook was called from. */
export interface HookContext {
  /** The session's, or that of a child. */
  readonly sessionId: string;
  readonly runId: string;
  readonly agentName: string;
  /** Aborts when the run is stopped, and when the hook's time is up. */
  readonly signal: AbortSignal;
}

export interface HookedCall {
  readonly tool: string;
  readonly effect: ToolEffect;
  /** As they will be run: checked, with their defaults. */
  readonly args: unknown;
  /** `<message id>-<index>`: the same when the call is decided on again. Where a user's `<skill>` tag is the call, it is that message's. */
  readonly callKey: string;
}

export interface HookedResult extends HookedCall {
  readonly status: CallStatus;
  /** What the model is to be told. */
  readonly content: string;
}

/** A hook can only be stricter than the rules: nothing it says lets a call pass that they refuse. */
export type BeforeToolResult = { readonly action: 'deny' | 'ask'; readonly reason: string };

export type Stop = { readonly action: 'stop'; readonly reason: string };

type Maybe<Result> = Result | undefined | void;

/**
 * Functions of the host that a run calls at its turns; each may be async, and has `deadlines.hookMs`. What one throws, and one that is
 * out of time, never lets anything pass: a call is refused, a result withheld, a run stopped. What they did is in the trace.
 */
export interface Hooks {
  /** Before a call that the rules let pass, or have a person asked about. */
  readonly beforeTool?: (
    call: HookedCall,
    context: HookContext,
  ) => Maybe<BeforeToolResult> | Promise<Maybe<BeforeToolResult>>;
  /**
   * With what a call came to, before anybody is shown it; `content` is shown instead. Progress of tools is then shown to nobody. Also
   * with the end of a background command, as a result of the shell.
   */
  readonly afterTool?: (
    result: HookedResult,
    context: HookContext,
  ) => Maybe<{ readonly content: string }> | Promise<Maybe<{ readonly content: string }>>;
  /** Before each model call, helpers' included. */
  readonly beforeModel?: (
    request: { readonly model: string; readonly isHelper: boolean; readonly messages: number },
    context: HookContext,
  ) => Maybe<Stop> | Promise<Maybe<Stop>>;
  /**
   * With each message of the user, guidance included, before a model sees it; one the host has replaced is shown once more. `context` is
   * shown to the model after it. What it stops, and what it fails at, it is shown again in the next run.
   */
  readonly onUserMessage?: (
    message: { readonly messageId: string; readonly content: Content | null; readonly metadata: Metadata },
    context: HookContext,
  ) => Maybe<Stop | { readonly context: string }> | Promise<Maybe<Stop | { readonly context: string }>>;
  /** When the agents of the run are done: `continue` has the last of them go on with that message, three times at most. */
  readonly onStop?: (
    end: { readonly lastMessage: Message | undefined },
    context: HookContext,
  ) =>
    | Maybe<{ readonly action: 'continue'; readonly message: string }>
    | Promise<Maybe<{ readonly action: 'continue'; readonly message: string }>>;
}

export type HookName = keyof Hooks;
