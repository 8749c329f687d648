import { createHash } from 'node:crypto';

/** As OpenAI's API has it. */
const mostCharacters = 64;

/**
 * What a server's tool is called here: `mcp_<server>_<tool>`, other characters than letters, digits, `_` and `-` as `_`. A name
 * that is too long is cut, and ends in a hash of all of it.
 */
export function toolNameOf(server: string, tool: string): string {
  const name = `mcp_${server}_${tool}`.replaceAll(/[^A-Za-z0-9_-]/g, '_');
  if (name.length <= mostCharacters) return name;
  const hash = createHash('sha256').update(`${server}\0${tool}`).digest('hex').slice(0, 8);
  return `${name.slice(0, mostCharacters - hash.length - 1)}_${hash}`;
}
