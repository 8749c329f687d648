/** What is not seen, or turns around what is: controls, format characters, halves of pairs, separators that look like lines. */
const hidden = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Text in which nothing hides: `\u{202E}` stands for what is not seen. Newlines and tabs stay. @param {string} text */
export function visible(text) {
  return text.replaceAll(hidden, (one) => `\\u{${one.codePointAt(0)?.toString(16).toUpperCase()}}`);
}

/** JSON in which nothing hides, and that reads the same: `\u202e`. @param {string} json */
export function visibleJson(json) {
  const escaped = (/** @type {string} */ one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return json.replaceAll(hidden, (one) => one.split('').map(escaped).join(''));
}
