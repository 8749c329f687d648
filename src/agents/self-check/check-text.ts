/** Code is quoted, not said. */
function withoutCode(text: string): string {
  return text.replaceAll(/^(`{3,}|~{3,}).*?^\1\s*$/gms, '').replaceAll(/`[^`\n]*`/g, '');
}

/** The files that links and images of a Markdown text lead to: everything that is no address. */
export function linkedFiles(text: string): string[] {
  const links = withoutCode(text).matchAll(/\]\((?:<([^>\n]+)>|([^\s()]+))(?:\s+"[^"\n]*")?\)/g);
  const files = [...links].flatMap(([, quoted, plain = quoted]) => {
    const path = (plain ?? '').replace(/^file:\/\//, '').replace(/[?#].*$/, '');
    return path === '' || path.startsWith('//') || /^[a-z][a-z\d+.-]*:/i.test(path) ? [] : [decode(path)];
  });
  return [...new Set(files)];
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Code fences and tags on lines of their own that are opened and not closed, or closed and not opened. */
export function unbalancedTags(text: string): string[] {
  const fences = text.match(/^\s*```/gm)?.length ?? 0;
  const fence = fences % 2 === 0 ? [] : ['A code fence (```) is opened and not closed.'];
  const plain = withoutCode(text);
  const counts = new Map<string, number>();
  for (const [, slash, name = ''] of plain.matchAll(/^[ \t]*<(\/?)([a-z][\w-]*)(?:\s[^<>\n]*)?>/gm)) {
    const line = slash === '' ? 1 : -1;
    if (!withoutEnd.includes(name)) counts.set(name, (counts.get(name) ?? 0) + line);
  }
  // An end may stand behind text on the same line.
  for (const [, name = ''] of plain.matchAll(/(?<=\S[ \t]*)<\/([a-z][\w-]*)>/gm)) {
    if (counts.has(name)) counts.set(name, (counts.get(name) ?? 0) - 1);
  }
  const tags = [...counts].flatMap(([name, open]) => {
    if (open === 0) return [];
    return open > 0 ? [`The tag <${name}> is opened and not closed.`] : [`The tag <${name}> is closed and not opened.`];
  });
  return [...fence, ...tags];
}

/** Elements of HTML that have no end, or may go without one. */
const withoutEnd = ['br', 'hr', 'img', 'input', 'link', 'meta', 'source', 'wbr', 'p', 'li', 'td', 'th', 'tr'];
