import type { Sandbox } from '../sandbox/sandbox.ts';
import { checkShell, checkToolOptions } from './check-tool-options.ts';
import { fingerprintOf } from './fingerprint.ts';
import { toInputSchema, type InferArguments, type InputSchema, type SchemaLike } from './input-schema.ts';
import { defaultOutputLimitBytes } from './limit-result.ts';
import { Turns } from './turns.ts';

/**
 * What running a tool again would do: nothing new (`none`), the same once more (`idempotent`), or a second effect
 * (`once`). After a crash the first two are run again; a call of the third is answered "may or may not have run".
 */
export type ToolEffect = 'none' | 'idempotent' | 'once';

/** Values a tool keeps for its session, journalled: they survive crashes and come back with the session. */
export interface ToolState {
  get(key: string): unknown;
  /** `value` is JSON. */
  set(key: string, value: unknown): void;
}

export interface ToolContext {
  readonly sessionId: string;
  readonly runId: string;
  readonly callId: string;
  /** The same when a call is run again after a crash, and never that of another call (providers repeat call ids). */
  readonly idempotencyKey: string;
  readonly tenantId?: string;
  readonly userId?: string;
  readonly agentId?: string;
  /** Aborts when the run is stopped or the tool's time is up. */
  readonly signal: AbortSignal;
  readonly state: ToolState;
}

/** What a tool gets that asks a person something. */
export interface AskingToolContext extends ToolContext {
  /** What the person has said, as `answerConfirmation` was given it. */
  readonly answer: unknown;
}

/** What a tool with `sandbox: 'needed'` gets. */
export interface SandboxToolContext extends ToolContext {
  readonly sandbox: Sandbox;
}

/** What a tool gets that has children of the run work for it. */
export interface DelegatingToolContext extends ToolContext {
  /** The call among all of its session. */
  readonly call: readonly [messageId: string, index: number];
  /** The sessions that were fixed for it. */
  readonly children: readonly string[];
}

/**
 * What `execute` may give back: text, JSON, or nothing. A promise of it, or an async generator that yields progress (shown
 * to readers, never to the model) and returns it.
 */
export type ToolOutput = unknown;

/** Which arguments of a tool a shell is given. */
export interface ShellArguments {
  /** That with the command line. A list of texts is the words of one command. */
  readonly command: string;
  /** That with the folder it is run in. */
  readonly folder?: string | undefined;
  /** That with variables added to its environment, an object. */
  readonly environment?: string | undefined;
}

/** What a tool may say of itself besides its name, its parameters and what it does. */
export interface ToolTraits {
  readonly description: string;
  /** Default `'once'`. */
  readonly effect?: ToolEffect;
  /** Default `'allow'`. */
  readonly approval?: 'ask' | 'allow';
  /** How long one call may take; overrides `deadlines.toolMs` of the run. */
  readonly timeoutMs?: number;
  /** Of what the model is given, in bytes of UTF-8: beyond it text keeps head and tail. Default 262,144, at least 1,024. */
  readonly outputLimitBytes?: number;
  /**
   * How many calls of it may run at a time, of all runs that have this tool. The others wait, and waiting takes none of their
   * time. A call that does not end when it is stopped keeps its place; when all places are kept so, the others are errors.
   * Default: no limit of its own.
   */
  readonly concurrency?: number;
  /**
   * Of a tool that has a shell run what the model writes: where that stands. Permissions look into it as they do for
   * `execute_shell_command`. Of a tool that does not say so they see text, and not even the floor holds for its commands.
   */
  readonly shell?: ShellArguments;
}

interface ToolOptions<Schema extends SchemaLike, Needs extends 'needed' | 'none'> extends ToolTraits {
  /** Letters, digits, `_` and `-`, 1–64, as OpenAI's API asks. */
  readonly name: string;
  /** A zod schema, any Standard Schema that can give its JSON Schema, or a JSON Schema of an object. Default: no arguments. */
  readonly parameters?: Schema;
  /** Whether `execute` gets a sandbox. Default `'none'`. */
  readonly sandbox?: Needs;
  execute(args: InferArguments<Schema>, context: Needs extends 'needed' ? SandboxToolContext : ToolContext): ToolOutput;
}

/** A tool ready to be offered and run. Made by `defineTool`. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: InputSchema;
  readonly effect: ToolEffect;
  readonly approval: 'ask' | 'allow';
  readonly timeoutMs?: number;
  readonly outputLimitBytes: number;
  /** Who runs it takes a turn first. */
  readonly turns?: Turns;
  readonly sandbox: 'needed' | 'none';
  readonly shell?: ShellArguments;
  /** Of a tool whose work is to ask a person: the question. It runs when that has been answered. */
  readonly question?: (args: unknown) => string;
  /**
   * Changes when its name, description, parameters or effect do: what was allowed for one is not allowed for another. A tool
   * whose definition somebody else can change, an MCP server's, refuses to run once it has.
   */
  readonly fingerprint: string;
  /**
   * Of a tool that has children of the run work for it: checks a call, and fixes their sessions before the call's intent, which
   * names them. `known` are those that an earlier attempt has fixed. Throws what the model can mend.
   *
   * Such a tool has no time of its own, and ends when its children have, also when it is stopped.
   */
  readonly fixChildren?: (args: unknown, known: readonly string[] | undefined) => readonly string[];
  /** Told of what it has fixed once the calls of that message are over, whether its own was started or not. */
  readonly releaseChildren?: (sessionIds: readonly string[]) => void;
  execute(
    args: unknown,
    context: ToolContext | SandboxToolContext | DelegatingToolContext | AskingToolContext,
  ): ToolOutput;
}

/**
 * Makes a tool. Arguments are checked against `parameters` before `execute` sees them; what `execute` throws goes to the
 * model as the call's result.
 *
 * @throws {SageError} `invalid-argument` for a name the API would refuse, limits that are none, parameters that are no schema of an
 * object, or a `shell` with an argument that is not among them.
 */
export function defineTool<
  const Schema extends SchemaLike = Record<never, never>,
  Needs extends 'needed' | 'none' = 'none',
>(options: ToolOptions<Schema, Needs>): Tool {
  return toTool(options, toInputSchema(options.parameters ?? {}));
}

interface ToolParts extends ToolTraits {
  readonly name: string;
  readonly sandbox?: 'needed' | 'none';
  execute(args: unknown, context: ToolContext): ToolOutput;
}

/** The same, of one whose arguments are checked in a way of their own. */
export function toTool(options: ToolParts, inputSchema: InputSchema): Tool {
  checkToolOptions(options);
  const { name, description, effect = 'once', approval = 'allow', timeoutMs, sandbox = 'none' } = options;
  const { outputLimitBytes = defaultOutputLimitBytes, concurrency, shell } = options;
  checkShell(name, shell, inputSchema.jsonSchema);
  return {
    name,
    description,
    inputSchema,
    effect,
    approval,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    outputLimitBytes,
    ...(concurrency === undefined ? {} : { turns: new Turns(concurrency) }),
    sandbox,
    ...(shell === undefined ? {} : { shell }),
    fingerprint: fingerprintOf({ name, description, parameters: inputSchema.jsonSchema, effect }),
    execute: options.execute.bind(options),
  };
}
