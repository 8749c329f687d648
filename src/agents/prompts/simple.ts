/** Told once to an agent that goes in a circle. */
export function circlePrompt(): string {
  return 'You have made the same call three times and got the same result. Do not make it again: use what you have, try another way, or say what is missing.';
}

export function cutOffPrompt(): string {
  return 'Your last message was cut off. Go on from where it ends; do not repeat it.';
}
