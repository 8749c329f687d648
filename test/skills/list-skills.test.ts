import { describe, expect, test } from 'vitest';
import { listSkills } from '../../src/skills/list-skills.ts';
import type { Skill } from '../../src/skills/skill.ts';

const skill = (name: string, description: string): Skill => ({ name, description, folder: '/', frontMatter: {} });

function linesOf(skills: readonly Skill[]): string[] {
  return listSkills(skills)
    .split('\n')
    .filter((line) => line.startsWith('- '));
}

describe('the list of skills', () => {
  test('has whole descriptions, a line each, and nothing of where they are', () => {
    const long = 'a'.repeat(1_024);
    const lines = linesOf([skill('a', 'One.\n  Two.'), skill('b', long)]);
    expect(lines).toEqual(['- a: One. Two.', `- b: ${long}`]);
  });

  test('cuts the longest where all are too much, and leaves the short ones whole', () => {
    const words = 'word '.repeat(200);
    const many = Array.from({ length: 60 }, (_, place) => skill(`long-${place}`, words));
    const lines = linesOf([skill('short', 'Short.'), ...many]);
    expect(lines[0]).toBe('- short: Short.');
    expect(lines[60]).toMatch(/^- long-59: (word )+…$/);
    const told = lines.slice(1).map((line) => line.replace(/^.*?: /, '').length);
    expect(new Set(told).size).toBe(1);
    expect(told.reduce((sum, length) => sum + length)).toBeLessThan(16_000);
    expect(told[0]).toBeGreaterThan(240);
  });

  test('has every name, however many there are', () => {
    const lines = linesOf(Array.from({ length: 2_000 }, (_, place) => skill(`skill-${place}`, 'Something useful.')));
    expect(lines).toHaveLength(2_000);
    expect(lines[1_999]).toBe('- skill-1999');
  });

  test('cuts no character in two', () => {
    const lines = linesOf(
      Array.from({ length: 60 }, (_, place) => skill(`s${place}`, `${'x'.repeat(place)}${'😀'.repeat(400)}`)),
    );
    expect(lines.every((line) => line.isWellFormed())).toBe(true);
  });
});
