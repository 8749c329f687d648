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

/** Something that tools are made of. The same may be found in several places, and is known by its identity. */
interface Found {
  readonly identity: object;
  readonly toTools: () => readonly Tool[];
}

/**
 * The tools of an object, each once: those among its values and in lists there, and the described methods of the object and of
 * its values, which are called on them with the checked arguments and the context. `made` has what was made before of what may be
 * found again.
 *
 * @throws {SageError} `invalid-argument` for a description without its method.
 */
export function toolsOf(source: object, made: Map<object, readonly Tool[]> = new Map()): Tool[] {
  const values = Object.values(source).flatMap((value: unknown) => value);
  const found = [...describedIn(source), ...values.flatMap(findIn)];
  const tools = found.flatMap(({ identity, toTools }) => {
    const known = made.get(identity) ?? toTools();
    made.set(identity, known);
    return known;
  });
  return [...new Set(tools)];
}

function findIn(value: unknown): Found[] {
  if (isTool(value)) return [{ identity: value, toTools: () => [value] }];
  if (!isObject(value)) return [];
  // What is no description is something else's: many things have `tools`.
  const described = Object.entries(descriptionsOf(value) ?? {}) as [string, unknown][];
  const isSource = described.some(([name, description]) => isTool(description) || isMethod(value, name));
  return isSource ? describedIn(value) : [];
}

function describedIn(source: object): Found[] {
  const descriptions = descriptionsOf(source);
  if (descriptions === undefined) return [];
  const toTools = () =>
    Object.entries(descriptions).map(([method, description]: [string, unknown]) =>
      isTool(description) ? description : toTool(source, method, description),
    );
  // A module that passes on what another exports is not the same object.
  return [{ identity: isModule(source) ? descriptions : source, toTools }];
}

function isModule(source: object): boolean {
  return Object.prototype.toString.call(source) === '[object Module]';
}

/** An object's own, or of its class. A module has no class. */
function descriptionsOf(source: object): object | undefined {
  const { tools: own, constructor: ofClass } = source as Described & { readonly constructor?: Described };
  const descriptions = own ?? ofClass?.tools;
  return isObject(descriptions) ? descriptions : undefined;
}

interface Described {
  readonly tools?: unknown;
}

function isMethod(source: object, name: string): boolean {
  return typeof (source as Readonly<Record<string, unknown>>)[name] === 'function';
}

function isTool(value: unknown): value is Tool {
  return isObject(value) && 'inputSchema' in value && 'execute' in value;
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
