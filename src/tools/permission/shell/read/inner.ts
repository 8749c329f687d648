import type { SimpleCommand } from '../command.ts';
import type { Field } from '../field.ts';

/** What a command runs: another command, or text that a shell reads. */
export type Inner = InnerCommand | InnerText;

interface InnerCommand extends InnerPlace {
  readonly type: 'command';
  readonly fields: readonly Field[];
  readonly assignments: SimpleCommand['assignments'];
}

interface InnerText extends InnerPlace {
  readonly type: 'text';
  /** Each text it may be; `undefined` where only running would tell. */
  readonly texts: readonly string[] | undefined;
  /** `$1` and so on in the text. */
  readonly positional?: readonly Field[];
  /** `$0` in the text. */
  readonly zero?: Field;
}

interface InnerPlace {
  /** Absolute, or from the folder of the command that runs it. Default: that. */
  readonly folder?: Field;
}
