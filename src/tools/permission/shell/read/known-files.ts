import { fitsName, isPattern, marks, type Field } from '../field.ts';
import { resolvePath } from '../paths.ts';
import { joined, limited } from './product.ts';

/** Looks into files from a folder. `undefined` is a file that the line has not written. */
export interface FileReader {
  textsOf(path: Field): readonly string[] | undefined;
}

/** Of a line that has written none. */
export const noFiles: FileReader = { textsOf: () => undefined };

interface FileTexts {
  readonly all: readonly string[];
  /** Those it has if the line is run from its begin to here. */
  readonly latest: readonly string[];
}

/**
 * Texts that the line itself puts into files. Which of them a file has when it is read, only running would tell: it may be each
 * that it has anywhere in the line. A mark stands for a text that nobody knows.
 */
export class KnownFiles {
  readonly #files = new Map<string, FileTexts>();
  /** Those in folders that are not known. */
  readonly #unplaced = new Set<string>();

  get size(): number {
    return this.#files.size;
  }

  /** A command that stands in `folder` writes `output` there. */
  put(path: Field, folder: Field | undefined, output: readonly string[] | undefined, how: 'replace' | 'append'): void {
    const key = keyOf(path, folder);
    const { all = [], latest = [''] } = this.#files.get(key) ?? {};
    const added = output ?? [marks.unknown];
    const next = how === 'replace' ? added : joined([latest, added]);
    // The commands of whole lines are in what they become; what goes on in its line is another command then.
    const kept = how === 'replace' ? all : all.filter((text) => !latest.includes(text) || !/(^|\n)$/.test(text));
    if (!key.startsWith('/')) this.#unplaced.add(key);
    this.#files.set(key, { all: limited([...kept, ...next, ...added]), latest: limited(next) });
  }

  /** A copy, a link or another name: of a file, or of a folder with all that is in it. */
  copy(from: Field, to: Field, folder: Field | undefined): void {
    const [source, target] = [keyOf(from, folder), keyOf(to, folder)];
    for (const [key, { all }] of this.#files) {
      if (key === source || key.startsWith(`${source}/`))
        this.put(`${target}${key.slice(source.length)}`, undefined, all, 'replace');
    }
  }

  /** For a command that stands in `folder`. */
  from(folder: Field | undefined): FileReader {
    return {
      textsOf: (path) => {
        const wanted = keyOf(path, folder);
        const isCertain = wanted.startsWith('/') && !isPattern(wanted);
        // Most are looked up by their names, and are many.
        const keys = isCertain ? [wanted, ...this.#unplaced] : [...this.#files.keys()];
        const found = keys.flatMap((key) => (isSame(wanted, key) ? (this.#files.get(key)?.all ?? []) : []));
        return found.length === 0 ? undefined : limited(found);
      },
    };
  }

  /** For the same line, read once more from its begin. */
  again(): this {
    for (const [key, { all }] of this.#files) this.#files.set(key, { all, latest: [''] });
    return this;
  }
}

/** Whether a path is what comes in at standard input. */
export function isStandardInput(path: Field): boolean {
  return path === '-' || /^\/dev\/(stdin|fd\/0)$/.test(keyOf(path, '/'));
}

/** Absolute, but where the folder is not known. */
function keyOf(path: Field, folder: Field | undefined): string {
  // Whether it stands in quotes makes no other file of it.
  const quoted = path.replaceAll(marks.words, marks.unknown);
  const resolved = resolvePath(quoted, folder) ?? quoted.replace(/^(\.\/+)+/, '');
  return resolved.replace(/^\/proc\/(self|thread-self|\d+|4711)\/fd\//, '/dev/fd/');
}

/** Where one of the folders is not known, the names have to do. */
function isSame(wanted: string, key: string): boolean {
  if (wanted === key) return true;
  const [parts, others] = [wanted.split('/'), key.split('/')];
  const isPlaced = wanted.startsWith('/') && key.startsWith('/');
  if (!isPlaced) return fitsName(parts.at(-1) ?? '', others.at(-1) ?? '');
  return parts.length === others.length && parts.every((part, i) => fitsName(part, others[i] ?? ''));
}
