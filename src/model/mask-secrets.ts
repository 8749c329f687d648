const mask = '[secret]';

/** Keys by their prefix, also when a provider has starred out their middle. */
const keyPattern = /\b(?:sk|pk|rk|gsk|xai|hf|nvapi|pplx)[-_][\w*.-]{3,}\b\**|\bAIza[\w-]{16,}/gi;
/** A token has digits or padding; *basic authentication* has not. */
const bearerPattern = /\b(bearer|basic)\s+(?=[^\s,;]*[\d=])[\w.~+/=*-]{6,}/gi;

/** The text without what looks like a key or a token, and without the given `secrets` wherever they stand. */
export function maskSecrets(text: string, secrets: readonly string[] = []): string {
  // A very short "secret" is a placeholder of a local server, and would mask ordinary words.
  const known = secrets.filter((secret) => secret.length >= 6);
  return known
    .reduce((masked, secret) => masked.replaceAll(secret, mask), text)
    .replace(bearerPattern, `$1 ${mask}`)
    .replace(keyPattern, mask);
}
