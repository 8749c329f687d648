/** A shorter one is no secret, and would hide ordinary words. */
const leastLength = 4;

/** A text in which none of the secrets stands, neither as it is nor as JSON writes it. */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  const known = secrets
    .filter((secret) => secret.length >= leastLength)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
    // What contains another goes first.
    .sort((a, b) => b.length - a.length);
  return [...new Set(known)].reduce((masked, secret) => masked.replaceAll(secret, '[secret]'), text);
}

/** The same in one line of at most 300 characters. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  const line = maskSecrets(text, secrets).replaceAll(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
