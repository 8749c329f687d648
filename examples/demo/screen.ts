import { stripVTControlCharacters, styleText } from 'node:util';

export type Colour = 'bold' | 'cyan' | 'dim' | 'green' | 'magenta' | 'red' | 'yellow';

const indent = 13;

/**
 * Paragraphs with a label before them, wrapped at words as they stream in. Colours are used on a terminal only, and not if
 * `NO_COLOR` is set.
 */
export class Screen {
  readonly #out: NodeJS.WriteStream;
  readonly #isColoured: boolean;
  readonly #width: number;
  /** Of the paragraph that is being written. */
  #key: string | undefined;
  #column = 0;
  /** The blanks before `#word`, written with it; and the last word, which may go on. */
  #gap = '';
  #word = '';
  #colour: Colour | undefined;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
    this.#isColoured = out.isTTY && !process.env['NO_COLOR'];
    this.#width = Math.max(30, Math.min(out.columns || 110, 110) - indent - 1);
  }

  heading(text: string): void {
    this.end();
    this.#out.write(`\n${this.#paint('bold', text)}\n${this.#paint('dim', '─'.repeat(indent + this.#width))}\n`);
  }

  /** A paragraph that is complete. */
  say(label: string, text: string, colour?: Colour): void {
    this.end();
    this.stream({ label, key: label, colour }, text);
    this.end();
  }

  /** One line, cut to fit. */
  note(label: string, text: string, colour?: Colour): void {
    const line = text.replaceAll(/\s+/g, ' ').trim();
    this.say(label, line.length > this.#width ? `${line.slice(0, this.#width - 2)} …` : line, colour);
  }

  /** More of the paragraph `key`, or the beginning of it: then what was written before is ended. */
  stream(
    { label, key, colour }: { readonly label: string; readonly key: string; readonly colour?: Colour | undefined },
    text: string,
  ): void {
    if (this.#key !== key) {
      this.end();
      this.#out.write(`  ${this.#paint(colour ?? 'bold', label.padEnd(indent - 2))}`);
      this.#key = key;
      this.#colour = colour;
    }
    for (const part of stripVTControlCharacters(text).match(/\s+|\S+/g) ?? []) {
      if (part.trim() !== '') this.#word += part;
      else {
        this.#writeWord();
        this.#gap += part;
      }
    }
  }

  /** Ends the paragraph, if there is one. */
  end(): void {
    if (this.#key === undefined) return;
    this.#writeWord();
    this.#out.write('\n');
    this.#key = undefined;
    this.#column = 0;
    this.#gap = '';
  }

  #writeWord(): void {
    if (this.#word === '') return;
    const lineBreaks = Math.min(this.#gap.split('\n').length - 1, 2);
    const isTooLong = this.#column > 0 && this.#column + this.#gap.length + this.#word.length > this.#width;
    if (this.#column > 0 && (lineBreaks > 0 || isTooLong)) {
      this.#out.write('\n'.repeat(Math.max(1, lineBreaks)) + ' '.repeat(indent));
      this.#gap = lineBreaks > 0 ? this.#gap.slice(this.#gap.lastIndexOf('\n') + 1) : '';
      this.#column = 0;
    }
    this.#out.write(this.#gap + (this.#colour === undefined ? this.#word : this.#paint(this.#colour, this.#word)));
    this.#column += this.#gap.length + this.#word.length;
    this.#gap = '';
    this.#word = '';
  }

  #paint(colour: Colour, text: string): string {
    return this.#isColoured ? styleText(colour, text, { validateStream: false }) : text;
  }
}
