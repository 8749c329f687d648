import { createHash } from 'node:crypto';

/** As OpenAI's API has it. */
const mostCharacters = 64;
const hashCharacters = 8;

/**
 * What a server's tool is called here: `mcp_<server>_<tool>`, other characters than letters, digits, `_` and `-` as `_`. A name
 * that is too long is cut, and ends in a hash of all of it.
 */
export function toolNameOf(server: string, tool: string): string {
  const name = wholeName(server, tool);
  if (name.length <= mostCharacters) return name;
  const hash = createHash('sha256').update(`${server}\0${tool}`).digest('hex').slice(0, hashCharacters);
  return `${cut(name)}_${hash}`;
}

/** How the names of all of a server's tools begin. */
export function toolPrefixOf(server: string): string {
  return cut(wholeName(server, ''));
}

function wholeName(server: string, tool: string): string {
  return `mcp_${server}_${tool}`.replaceAll(/[^A-Za-z0-9_-]/g, '_');
}

function cut(name: string): string {
  return name.slice(0, mostCharacters - hashCharacters - 1);
}
