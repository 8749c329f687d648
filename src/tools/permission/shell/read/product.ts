const most = 64;

/** Every way to take one of each. Of too many, some, and one with `unknown` in it. */
export function product<Item>(choices: readonly (readonly Item[])[], unknown: Item): readonly (readonly Item[])[] {
  let all: Item[][] = [[]];
  for (const choice of choices) {
    const [only] = choice;
    if (only !== undefined && choice.length === 1) {
      for (const one of all) one.push(only);
      continue;
    }
    const isTooMany = all.length * choice.length > most;
    const taken = isTooMany ? choice.slice(0, 1) : choice;
    const longer = all.flatMap((head) => taken.map((item) => [...head, item]));
    all = isTooMany ? [...longer, [...(all[0] ?? []), unknown]] : longer;
  }
  return all;
}
