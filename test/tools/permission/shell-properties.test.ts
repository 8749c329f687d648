import fc from 'fast-check';
import { expect, test } from 'vitest';
import { classOf } from './helpers.ts';

const floor = [
  'rm -rf /',
  'rm -r -f /etc',
  'mkfs.ext4 /dev/sda1',
  'reboot',
  'kill -9 -1',
  'chmod -R 777 /usr',
  'dd if=x of=/dev/sda',
];

/** Ways to write a word that change nothing about it. */
const spelling = fc.constantFrom<(word: string) => string>(
  (word) => word,
  (word) => `'${word}'`,
  (word) => `"${word}"`,
  (word) => `${word.slice(0, 1)}""${word.slice(1)}`,
  (word) => `\\${word}`,
  (word) => `$'${word.replaceAll(/./g, (char) => `\\x${char.charCodeAt(0).toString(16)}`)}'`,
);

const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** Ways to run a command that still run it. */
const wrapping = fc.constantFrom<(command: string) => string>(
  (command) => `sudo ${command}`,
  (command) => `env A=1 ${command}`,
  (command) => `nohup nice -n 5 ${command}`,
  (command) => `timeout -k 1 5 ${command}`,
  (command) => `command ${command}`,
  (command) => `exec ${command}`,
  (command) => `bash -c ${quote(command)}`,
  (command) => `sh -euc ${quote(command)}`,
  (command) => `eval ${quote(command)}`,
  (command) => `echo ${quote(command)} | sh`,
  (command) => `bash <<'EOF'\n${command}\nEOF\n`,
);

const placing = fc.constantFrom<(command: string) => string>(
  (command) => command,
  (command) => `ls; ${command}`,
  (command) => `true && ${command}`,
  (command) => `(${command})`,
  (command) => `{ ${command}\n}`,
  (command) => `if true; then ${command}\nfi`,
  (command) => `echo "$(${command})"`,
  (command) => `for i in 1; do ${command}\ndone`,
  (command) => `ls | ${command}`,
  (command) => `${command}\nls &`,
);

/** Here-documents must not stand in one another, nor behind a pipe that goes on in their line. */
const isWritable = (command: string): boolean => command.split('<<').length < 3;

test('a command of the floor stays on it, however it is spelt, wrapped and placed', async () => {
  const wraps = fc.array(wrapping, { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...floor),
      fc.array(spelling, { minLength: 6, maxLength: 6 }),
      wraps,
      placing,
      async (command, spellings, wrappers, place) => {
        const spelt = command
          .split(' ')
          .map((word, i) => spellings[i]?.(word) ?? word)
          .join(' ');
        const written = place(wrappers.reduce((inner, wrap) => wrap(inner), spelt));
        fc.pre(isWritable(written));
        expect([written, await classOf(written)]).toEqual([written, 'forbidden']);
      },
    ),
    { numRuns: 400 },
  );
});

const harmless = ['ls', 'cat a', 'git status', 'echo "a b"', 'grep -n x f', "sed -n '1p' f"];
const operators = [';', '&', '&&', '||', '|', '\n', '|&', '$(', '`', '>', '>>', '>|', '<(', '&>', '<>', ';(', '\\\n;'];
const others = ['touch x', 'rm x', './run', 'X', 'make', '$Y x', 'f() { ls\n}'];

test('with an operator outside of quotes and another command, nothing is harmless by accident', async () => {
  const spaces = fc.constantFrom('', ' ', '\t', '  ', '\\\n');
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...harmless),
      fc.constantFrom(...operators),
      fc.constantFrom(...others),
      spaces,
      async (command, operator, other, space) => {
        const line = `${command}${space}${operator}${space}${other}`;
        expect([line, await classOf(line, 'confined')]).not.toEqual([line, 'harmless']);
      },
    ),
    { numRuns: 600 },
  );
});

test('any text at all is judged, and what is harmless is so no more when another command follows', async () => {
  const marks = [
    '{',
    '}',
    '((',
    '[[',
    ']]',
    '${',
    '#',
    '"',
    "'",
    '(',
    ')',
    '*',
    '~',
    '!',
    'if',
    'then',
    'fi',
    '\0',
    '\r',
  ];
  const pieces = fc.constantFrom(...harmless, ...operators.slice(0, -1), ...others, ...floor, ...marks);
  await fc.assert(
    fc.asyncProperty(fc.array(pieces, { maxLength: 8 }), fc.constantFrom('\n', ';', ' && '), async (parts, then) => {
      const text = parts.join(' ');
      const longer = `${text}${text.includes('#') ? '\n' : then}touch x`;
      const judged = await Promise.all([classOf(text, 'confined'), classOf(longer, 'confined')]);
      expect([longer, judged[1]]).not.toEqual([longer, 'harmless']);
    }),
    { numRuns: 1_000 },
  );
});
