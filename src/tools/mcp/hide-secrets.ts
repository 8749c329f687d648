/** A shorter one is no secret, and would hide ordinary words. */
const leastLength = 4;

/** One line of at most 300 characters, in which none of the secrets stands. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  const known = [...new Set(secrets)]
    .filter((secret) => secret.length >= leastLength)
    // What contains another goes first.
    .sort((a, b) => b.length - a.length);
  const hidden = known.reduce((masked, secret) => masked.replaceAll(secret, '[secret]'), text);
  const line = hidden.replaceAll(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
