import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../../cli/commands.ts';
import { runRelay } from './local-stage.ts';

const names = Object.keys(commands);
const document = readFileSync(join(import.meta.dirname, '../../docs/commands.md'), 'utf8');

test.each(names)('%s --help begins with its usage, has an example, and fits a terminal', async (name) => {
  const { code, out, problems } = await runRelay([name, '--help']);

  expect({ code, problems }).toEqual({ code: 0, problems: '' });
  expect(out).toMatch(new RegExp(`^Usage: relay ${name}\\b`));
  expect(out).toMatch(new RegExp(`^Examples?:(\\n| +)[^\\n]*relay ${name}\\b`, 'm'));
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
});

test.each(names)('docs/commands.md tells of %s', (name) => {
  expect(document).toMatch(new RegExp(`^## .*\\b${name}\\b`, 'm'));
});

describe('what is no command', () => {
  test('nothing lists what there is', async () => {
    const { code, out } = await runRelay([]);

    expect(code).toBe(2);
    for (const name of names) expect(out).toContain(`  ${name} `);
  });

  test('another word is one line', async () => {
    expect(await runRelay(['toString'])).toMatchObject({
      code: 2,
      out: '',
      problems: expect.stringMatching(/^relay: there is no command toString; there are [^\n]*$/),
    });
  });
});
