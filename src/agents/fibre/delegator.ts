import type { ToolSource } from '../../tools/tool-manager.ts';
import type { ToolState } from '../../tools/tool.ts';
import type { Roster } from './roster.ts';
import type { SubAgent } from './sub-agent.ts';

/** How far delegation may go. */
export interface ChildLimits {
  /** The root is depth 0. */
  readonly maxDepth: number;
  readonly maxChildrenPerCall: number;
  /** New children in one run of the tree. */
  readonly maxChildrenPerTree: number;
  /** Of one call, side by side. */
  readonly maxChildrenAtOnce: number;
}

/** What one child is to do. */
export interface ChildTask {
  /** Of the child: one of its parent's, or a new one. */
  readonly sessionId: string;
  readonly agentId: string;
  /** `undefined` where the run is continued by a host that no longer gives it. */
  readonly agent: SubAgent | undefined;
  readonly name: string;
  readonly content: string;
  /** What the user wanted, of which this is a part. */
  readonly original?: string;
  /** The call that delegates, and its place among the calls of its message. */
  readonly call: readonly [messageId: string, index: number];
  /** Aborting it stops the child. */
  readonly signal: AbortSignal;
}

/** What came of it. */
export interface ChildOutcome {
  readonly status: 'completed' | 'failed' | 'interrupted';
  /** Why its run ended, as a run's outcome tells. */
  readonly reason: string;
  readonly text: string;
  readonly error?: string;
  /** Where its files are, from the folder of whoever delegated. */
  readonly folder: string;
}

/** A session as one that delegates sees it. */
export type KnownChild =
  | { readonly type: 'child'; readonly agentId: string; readonly isBusy: boolean }
  /** Named by a delegation whose run ended before it had begun: it is new, under the id it was given. */
  | { readonly type: 'unbegun'; readonly isBusy: boolean }
  /** Of the same tree, and not its own. */
  | { readonly type: 'foreign' };

/** What the tools of a delegating session work with: the runtime makes one for each. */
export interface Delegator {
  readonly roster: Roster;
  /** What the session keeps. */
  readonly state: Pick<ToolState, 'get'>;
  /** What the session itself works as; `undefined` for the root. */
  readonly agentId: string | undefined;
  readonly depth: number;
  readonly limits: ChildLimits;
  /** The tools it can hand on. */
  readonly tools: ToolSource;
  /** New children that the tree may still get in this run. */
  childrenLeft(): number;
  findChild(sessionId: string): KnownChild | undefined;
  createId(): string;
  /**
   * Keeps sessions for a call until they are released: no other may have them work meanwhile, also where they have ended. Only of
   * their newest work is it known which call it was for: continued after a crash, this one finds it.
   */
  reserve(sessionIds: readonly string[]): void;
  release(sessionIds: readonly string[]): void;
  /**
   * Goes on with what an earlier attempt has begun for the same call, and gives the outcome that one has stored. Without its
   * agent, what has no outcome yet has failed. `waiting`: the child, or one below it, needs a person before it can go on.
   */
  runChild(task: ChildTask): Promise<ChildOutcome | 'waiting'>;
}
