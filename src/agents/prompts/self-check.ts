export function selfCheckPrompt({ issues }: { readonly issues: readonly string[] }): string {
  const list = issues.map((issue) => `- ${issue}`).join('\n');
  return `Your answer was checked, and this was found:\n${list}\nMend what should not be so, and give the answer again as it should be, without telling of this check.`;
}
