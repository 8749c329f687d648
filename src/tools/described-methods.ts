import { SageError } from '../errors.ts';
import { defineTool, type SandboxToolContext, type Tool, type ToolContext, type ToolTraits } from './tool.ts';

type Method = (args: never, context: never) => unknown;

/** A schema of what a method takes: one that gives `Args`, or a JSON Schema, which nobody compares with the method. */
type SchemaOf<Args> =
  | { readonly '~standard': { readonly vendor: string; readonly types?: { readonly output: Args } | undefined } }
  | { readonly '~standard'?: never; readonly [key: string]: unknown };

/** What makes a tool of a method that takes `Args`. */
export interface MethodDescription<Args = never> extends ToolTraits {
  /** Default: the name of the method. */
  readonly name?: string;
  /** Default: no arguments. */
  readonly parameters?: SchemaOf<Args>;
  /** Whether the method's second argument has a sandbox. Default `'none'`. */
  readonly sandbox?: 'needed' | 'none';
}

/**
 * Which methods of an object are tools, by their names. Stands in its `tools`, or in the `static tools` of its class:
 *
 *     static readonly tools = { … } satisfies MethodDescriptions<Warehouse>;
 */
export type MethodDescriptions<Source> = {
  readonly [Name in keyof Source as Source[Name] extends Method ? Name : never]?: Source[Name] extends (
    args: infer Args,
    ...more: never[]
  ) => unknown
    ? MethodDescription<Args>
    : never;
};

interface Described {
  readonly tools?: unknown;
}

/**
 * The tools of an object: those among its values, and its described methods, which are called on it with the checked
 * arguments and the context.
 *
 * @throws {SageError} `invalid-argument` for a description without its method.
 */
export function toolsOf(source: object): Tool[] {
  // A module has no class.
  const { tools: own, constructor: ofClass } = source as Described & { readonly constructor?: Described };
  return [...Object.values(source).filter(isTool), ...describedIn(source, own ?? ofClass?.tools)];
}

function isTool(value: unknown): value is Tool {
  return isObject(value) && 'inputSchema' in value && 'execute' in value;
}

function describedIn(source: object, descriptions: unknown): Tool[] {
  if (!isObject(descriptions)) return [];
  return Object.entries(descriptions).map(([method, description]: [string, unknown]) =>
    isTool(description) ? description : toTool(source, method, description),
  );
}

function toTool(source: object, method: string, description: unknown): Tool {
  const run = (source as Readonly<Record<string, unknown>>)[method];
  if (typeof run !== 'function' || !isDescription(description)) {
    const allowed = 'a description for each method that is a tool';
    const why =
      typeof run === 'function' ? 'has no text in its description' : 'is described, but is no method of the object';
    throw new SageError('invalid-argument', `tools.${method} ${why}. Allowed: ${allowed}.`, {
      option: `tools.${method}`,
      given: description,
      allowed,
    });
  }
  const { parameters, ...traits } = description;
  return defineTool({
    name: method,
    ...traits,
    parameters: parameters ?? {},
    execute: (args: unknown, context: ToolContext | SandboxToolContext): unknown => run.call(source, args, context),
  });
}

function isDescription(value: unknown): value is MethodDescription {
  return isObject(value) && 'description' in value && typeof value.description === 'string';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
