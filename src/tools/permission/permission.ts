import type { SandboxType } from '../../sandbox/sandbox.ts';
import type { Tool } from '../tool.ts';
import type { CommandClass } from './shell/command.ts';

/** How much a session may do where no rule says otherwise. */
export const permissionModes = ['read-only', 'workspace-write', 'full-access', 'plan'] as const;
export type PermissionMode = (typeof permissionModes)[number];

export const permissionActions = ['allow', 'ask', 'deny'] as const;
export type PermissionAction = (typeof permissionActions)[number];

/** Which calls are meant: those for which all that is said here holds. */
export interface PermissionMatch {
  /** A tool's name; `*` stands for any characters, `?` for one. */
  readonly tool: string;
  /**
   * Regular expressions, by the names of arguments, found anywhere in the value; what is no text is read as JSON. A call without
   * the argument does not match. Where a value is a list, or a command line of several commands, an `allow` must fit all of
   * them, and one is enough for `ask` and `deny`.
   */
  readonly args?: Readonly<Record<string, string>>;
  /** Hosts of the call's URLs: `example.com` is that host, `.example.com` it and all below. */
  readonly domain?: string | readonly string[];
  /** What the command line does, of tools that run one. */
  readonly commandClass?: RuledClass | readonly RuledClass[];
}

/** `forbidden` is for no rule to decide. */
export type RuledClass = Exclude<CommandClass, 'forbidden'>;

export interface PermissionRule extends PermissionMatch {
  readonly action: PermissionAction;
}

/** What a host permits. Plain data; it comes from the host's code alone, and never from files of a project. */
export interface PermissionOptions {
  /** Default `'workspace-write'`. */
  readonly mode?: PermissionMode;
  /** The first that matches decides. */
  readonly rules?: readonly PermissionRule[];
  /** Refused whatever the rules and the mode say. */
  readonly denies?: readonly PermissionMatch[];
  /** Hosts that tools with a `url` or `urls` may reach, and those they may not; written as in `domain`. */
  readonly web?: { readonly allow?: readonly string[]; readonly block?: readonly string[] };
}

/** A call to decide on, with arguments that have been checked. */
export interface PermissionCall {
  readonly tool: Tool;
  readonly args: unknown;
  readonly sandboxType: SandboxType;
  /** That of the session now. Default: the engine's. */
  readonly mode?: PermissionMode | undefined;
  /** The absolute path of the workspace, as commands see it. Without it an absolute path counts as outside. */
  readonly workspace?: string | undefined;
  /** Where in the workspace the call's relative paths begin: the folder of a child. Default: at its top. */
  readonly folder?: string | undefined;
}

/** What is decided about a call, and by what. */
export interface Verdict {
  readonly action: PermissionAction;
  readonly by: 'floor' | 'deny' | 'rule' | 'web' | 'mode' | 'tool';
  /** Where the deny, the rule or the host stands that decided: `rules[2]`. */
  readonly rule?: string;
  /** One sentence, for people and the model. */
  readonly reason: string;
}
