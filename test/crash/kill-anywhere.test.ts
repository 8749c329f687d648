import { expect, test } from 'vitest';
import { say } from './answers.ts';
import { allIsWell, tellStories } from './stories.ts';
import { liveThrough, type Death } from './story.ts';

test.each([
  { wire: 'scripted', kills: 120 },
  { wire: 'openai', kills: 90 },
] as const)(
  'killed at any moment (model: $wire, $kills kills), a session loses nothing that was seen, and goes on',
  { timeout: 180_000 },
  async ({ wire, kills }) => {
    const told = await tellStories({
      victim: { sessionId: 'whole', input: say(1) },
      kills,
      wanted: {
        'while the model answers': (death: Death) => death === 'model',
        'while tools work': (death) => death === 'tools',
      },
      tell: (story) => liveThrough(story, wire),
    });
    expect(told).toEqual(allIsWell);
  },
);
