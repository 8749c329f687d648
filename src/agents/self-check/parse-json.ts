import { messageOf } from '../../errors.ts';

/** Whose readers take commas behind the last value, and comments. */
const lenient = /\.jsonc$|(?:^|\/)(?:[jt]sconfig[^/]*|devcontainer|\.vscode\/[^/]+)\.json$/i;

/** What keeps a text from being JSON. One with comments is meant for a reader that knows them. */
export function parseJson(text: string, path: string): string | undefined {
  const plain = withoutComments(text);
  const isLenient = plain !== text || lenient.test(path);
  try {
    JSON.parse(isLenient ? withoutLastCommas(plain) : text);
    return undefined;
  } catch (error) {
    return `is not JSON${isLenient ? ', its comments left out' : ''}: ${messageOf(error)}`;
  }
}

/** Blanks in their place: what is wrong elsewhere is told where it stands. */
function withoutComments(text: string): string {
  return text.replaceAll(/"(?:[^"\\\n]|\\.)*"?|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)/g, (found) =>
    found.startsWith('"') ? found : found.replaceAll(/[^\n]/g, ' '),
  );
}

function withoutLastCommas(text: string): string {
  return text.replaceAll(/"(?:[^"\\\n]|\\.)*"?|,(?=\s*[\]}])/g, (found) => (found === ',' ? ' ' : found));
}
