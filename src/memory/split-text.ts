/** Up to 1,200 characters that end with a sentence or a line, else with a word, else anywhere. */
const piece = /.{1,1199}(?:[.!?](?=\s)|[。！？\n]|$)|.{1,1200}(?=\s|$)|.{1,1200}/gsu;

/** A text in pieces that are short enough to be shown, with nothing left out. */
export function splitText(text: string): string[] {
  return (text.match(piece) ?? []).map((one) => one.trim()).filter((one) => one !== '');
}
