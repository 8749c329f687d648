/** Published ones have some hundred bytes. What is worse than it is long must not hold up the process. */
const mostCharacters = 16 * 1024;

/** The YAML between the `---` lines a text begins with, and what stands behind them. Throws where there is none. */
export function splitFrontMatter(text: string): { readonly yaml: string; readonly body: string } {
  const opening = /^---[ \t]*\r?\n/.exec(text)?.[0];
  if (opening === undefined) throw new Error('has no front matter: its first line must be "---"');
  const closing = /^---[ \t]*$/gm;
  closing.lastIndex = opening.length;
  const end = closing.exec(text);
  if (end === null) throw new Error('has a front matter that is not closed: a line "---" must end it');
  const body = text.slice(closing.lastIndex).replace(/^\r?\n/, '');
  return { yaml: text.slice(opening.length, end.index), body };
}

/**
 * Reads a front matter as a map of texts. Scalars are not interpreted: `1.10` and `yes` are what they look like. Nothing in it
 * is ever evaluated: a tag that is not of plain YAML is refused.
 *
 * Throws with the reason.
 */
export async function readFrontMatter(yaml: string): Promise<Readonly<Record<string, unknown>>> {
  if (yaml.length > mostCharacters) throw new Error(`has a front matter of more than ${mostCharacters} characters`);
  try {
    return await readYaml(yaml);
  } catch (error) {
    const mended = quotePlainValues(yaml);
    if (mended === yaml) throw error;
    return await readYaml(mended);
  }
}

async function readYaml(yaml: string): Promise<Readonly<Record<string, unknown>>> {
  const { parseDocument } = await import('yaml');
  const document = parseDocument(yaml, { schema: 'failsafe', logLevel: 'silent', prettyErrors: false });
  // A tag that nobody resolves is only a warning.
  const [fault] = [...document.errors, ...document.warnings];
  if (fault !== undefined) throw new Error(`has a front matter that cannot be used: ${fault.message}`);
  const value = toJs(() => document.toJS({ maxAliasCount: 10 }));
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('has a front matter that is no map: give it lines such as "name: …"');
  return value as Readonly<Record<string, unknown>>;
}

/** Aliases are followed here, and no further than a small document would need. */
function toJs(read: () => unknown): unknown {
  try {
    return read();
  } catch (cause) {
    throw new Error(`has a front matter that cannot be used: ${(cause as Error).message}`, { cause });
  }
}

/** What others publish is not always YAML: descriptions with `: ` in them often have no quotes around them. */
function quotePlainValues(yaml: string): string {
  return yaml.split('\n').map(quotePlainValue).join('\n');
}

function quotePlainValue(line: string): string {
  const [start, key] = /^([\w-]+):[ \t]+(?=[\p{L}\p{N}(])/u.exec(line) ?? [];
  if (start === undefined || key === undefined) return line;
  const value = line.slice(start.length).trimEnd();
  return value.includes(': ') ? `${key}: ${JSON.stringify(value)}` : line;
}
