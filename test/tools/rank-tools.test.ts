import { expect, test } from 'vitest';
import { createRanking } from '../../src/tools/rank-tools.ts';
import { defineTool } from '../../src/tools/tool.ts';

const described = {
  send_email: 'Sends what you write to the people you name.',
  readCsvFile: 'Reads a table for you.',
  deploy: 'Puts the site where you want it.',
  book_room: 'Books a place for a meeting.',
  publish: '部署网站到测试环境。',
};
const tools = Object.entries(described).map(([name, description]) =>
  defineTool({ name, description, execute: () => 'ok' }),
);

test.each([
  ['Is there an email?', ['send_email']],
  ['The csv', ['readCsvFile']],
  ['A meeting on the site', ['book_room', 'deploy']],
  ['Book or deploy', ['deploy', 'book_room']],
  ['Can you help? Thank you!', []],
  ['请部署网站', ['publish']],
])('of the tools %j fits %j', async (text, names) => {
  const rank = await createRanking(tools);
  expect([...rank(text)].sort()).toEqual([...names].sort());
});

test('a tool with a word in its name comes before one that is only described by it', async () => {
  const rank = await createRanking(
    ['first', 'second', 'mail_third', 'fourth'].map((name) =>
      defineTool({ name, description: name === 'second' ? 'Reads mail.' : 'Reads.', execute: () => 'ok' }),
    ),
  );
  expect(rank('mail')).toEqual(['mail_third', 'second']);
});

test('a word in many names is no common word: it is a family of tools', async () => {
  const family = ['list', 'make', 'close', 'merge'].map((verb) =>
    defineTool({ name: `github_${verb}`, description: `Can ${verb} on GitHub.`, execute: () => 'ok' }),
  );
  const rank = await createRanking([...family, ...tools]);
  expect(rank('Look at GitHub')).toHaveLength(4);
});
