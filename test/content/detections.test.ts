import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AttackName,
  attacks,
  type StoryEvent,
  storyText,
  tellStory,
} from '@mosaic-relay/mosaic-simulator';
import { describe, expect, test } from 'vitest';
import { detections } from '../../content/generate/detections.ts';
import { alertsOf } from './alerts-of.ts';

const seed = 18;
/** A Monday. */
const from = Date.UTC(2026, 10, 2);
const days = 7;
const tuesday = from + 24 * 3_600_000;

const ordinary = tellStory({ seed, from, days });

test('each detection has an attack of its name, and each attack a detection', () => {
  expect(detections.map(({ name }) => name).toSorted()).toEqual(Object.keys(attacks).toSorted());
});

test('the page names each detection with its level and its least number', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/detections.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (.*) \| (low|medium|high) \|$/gm)];

  expect(rows.map(([, name, , level]) => `${name} ${level}`)).toEqual(
    detections.map(({ name, level }) => `${name} ${level}`),
  );
  for (const { together, name } of detections)
    if (together?.least !== undefined && together.alias === undefined)
      expect(rows.find(([, each]) => each === name)![2]).toContain(String(together.least));
});

describe.each(detections.map(({ name }) => name as AttackName))('%s', (name) => {
  test('fires on its own attack', () => {
    const at = tuesday + (name === 'admin-at-night' ? 2.5 : 10.2) * 3_600_000;
    const story = tellStory({ seed, from: tuesday, days: 1, attacks: [{ name, at }] });

    expect(found(name, story)).toBeGreaterThan(0);
  });

  test('fires on nothing in seven days of ordinary life', () => {
    expect(found(name, ordinary)).toBe(0);
  });
});

test('a story of seven days is of events that JSON keeps, in the order of time, and the same for its seed', () => {
  const texts = ordinary.map(storyText);

  expect(texts.length).toBeGreaterThan(5_000);
  expect(ordinary.every(({ at }, index) => index === 0 || at >= ordinary[index - 1]!.at)).toBe(true);
  expect(tellStory({ seed, from, days }).map(storyText)).toEqual(texts);
  expect(tellStory({ seed: seed + 1, from, days }).map(storyText)).not.toEqual(texts);
});

/** How many alerts the committed query gives over the events of a story. */
function found(name: string, story: readonly StoryEvent[]): number {
  return alertsOf(
    name,
    story.map((event) => ({ ...JSON.parse(storyText(event)), type: event.type })),
  );
}
