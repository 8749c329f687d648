/** What is not seen, or turns around what is: controls, format characters, halves of pairs, separators that look like lines. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Text for a terminal in which nothing hides, and that stays in its line: `\u{202E}` stands for what is not seen. */
export function visible(text: string): string {
  return text.replaceAll(hidden, (one) => `\\u{${one.codePointAt(0)?.toString(16).toUpperCase()}}`);
}
