/** Names of arguments that hold URLs: `url`, `urls`, `page_url`, `startUrls`. */
export function isUrlName(name: string): boolean {
  return /^urls?$|_urls?$/i.test(name) || /[a-z\d]U(rl|RL)s?$/.test(name);
}

/** The URLs among a call's arguments. What is no text is given as JSON, in which no host can be read. */
export function urlsOf(args: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(args).flatMap(([name, value]) => {
    if (!isUrlName(name)) return [];
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return values.flatMap((one) =>
      one === undefined || one === null ? [] : typeof one === 'string' ? one : JSON.stringify(one),
    );
  });
}
