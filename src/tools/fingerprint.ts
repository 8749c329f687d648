import { createHash } from 'node:crypto';
import type { ToolEffect } from './tool.ts';

/** What a tool is to the model, and to whoever has allowed it. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  readonly parameters: unknown;
  readonly effect: ToolEffect;
}

/**
 * SHA-256 of a definition, in hex. It changes with every word a model could act on, and with what the tool says running it
 * again would do; the order of keys is no difference.
 */
export function fingerprintOf({ name, description, parameters, effect }: ToolDefinition): string {
  return createHash('sha256')
    .update(JSON.stringify([name, description, effect, parameters], sortKeys))
    .digest('hex');
}

function sortKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
