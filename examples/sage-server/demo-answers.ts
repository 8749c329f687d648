import { answerBooking, wantsTable } from './demo-booking.ts';
import { cell, cityIn, quote, type DemoAnswer, type DemoTurn } from './demo-turn.ts';

/** What is said where nobody delegates: facts first, then what they come to. */
export function answerAlone(turn: DemoTurn): DemoAnswer {
  const { who, question, guidance, results, hasTools } = turn;
  if (who.includes('sceptic')) return { text: doubts(question) };
  const isAlone = !who.includes('scout');
  if (hasTools && isAlone && wantsTable(question)) return answerBooking(turn);
  if (hasTools && results.length === 0) {
    return {
      thought: 'I should know the weather first, and what our notes say. Both can be asked at once.',
      text: `Let me look into **${question.slice(0, 60)}**. I ask two tools at once:`,
      calls: [
        { name: 'get_weather', arguments: { city: cityIn(question) } },
        { name: 'search_notes', arguments: { query: question.slice(0, 40) } },
      ],
    };
  }
  return { text: report(question, results, guidance) };
}

function doubts(question: string): string {
  return `Before we trust any answer to *${question.slice(0, 60)}*: the notes are a week old, and one station is not a forecast.`;
}

function report(question: string, results: readonly string[], guidance: readonly string[]): string {
  const heard =
    guidance.length === 0
      ? 'You let me work. Next time, type something *while I write*: I read it before my next step.'
      : `You steered me while I worked:\n\n${quote(guidance)}\n\nSo I took that into account.`;
  return `## What I found

You asked: *${question}*

| Source | What it says |
| --- | --- |
| Weather | ${cell(results[0] ?? 'nothing was asked')} |
| Notes | ${cell(results[1] ?? 'nothing was asked')} |

${heard}

### A plan for the day

1. **Morning** – the harbour market, before it gets crowded.
2. **Noon** – lunch in the old town, inside if it rains.
3. **Evening** – the long walk home along the river.

You can follow this run from anywhere:

\`\`\`ts
for await (const chunks of agent.followSession(sessionId, { afterSeq })) {
  for (const chunk of chunks) process.stdout.write(textOf(chunk));
}
\`\`\`

Reload the page, cut the network, open a second tab: not a word is lost.`;
}
