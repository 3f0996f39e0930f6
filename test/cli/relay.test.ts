import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../../cli/commands.ts';
import { commandsPage } from '../../docs/generate/commands-page.ts';
import { runRelay } from './run-relay.ts';

const names = Object.keys(commands);
const root = join(import.meta.dirname, '../..');

test('docs/commands.md says the same as the tables: npm run docs writes it', async () => {
  expect(readFileSync(join(root, 'docs/commands.md'), 'utf8')).toBe(await commandsPage());
});

test.each(names)('%s --help begins with its usage and has an example', async (name) => {
  const { code, out, problems } = await runRelay([name, '--help']);

  expect({ code, problems }).toEqual({ code: 0, problems: '' });
  expect(out).toMatch(new RegExp(`^Usage: relay ${name}\\b`));
  expect(out).toMatch(new RegExp(`^Examples?:(\\n| +)[^\\n]*relay ${name}\\b`, 'm'));
});

describe('in the place of a command', () => {
  test('an empty command line lists the commands with exit code 2; --help and help list them with 0', async () => {
    const listed = expect.stringMatching(/^Usage: relay COMMAND[\s\S]* {2}status /);

    expect(await runRelay([])).toEqual({ code: 2, out: listed, problems: '' });
    for (const word of ['--help', '-h', 'help'])
      expect(await runRelay([word])).toEqual({ code: 0, out: listed, problems: '' });
  });

  test('--version prints the number alone', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

    expect(await runRelay(['--version'])).toEqual({ code: 0, out: version, problems: '' });
  });

  test('help and a command print the help of the command', async () => {
    expect(await runRelay(['help', 'find'])).toEqual(await runRelay(['find', '--help']));
  });

  test.each([
    ['toString', /^relay: there is no command toString; there are init, [^\n]*$/],
    ['--stage', /^relay: there is no command --stage; there are init, [^\n]*$/],
    ['a\nb', /^relay: there is no command a\\nb; there are init, [^\n]*$/],
    ['stauts', /^relay: there is no command stauts; did you mean status\?$/],
    ['verfy', /^relay: there is no command verfy; did you mean verify\?$/],
  ])('%j is one line and exit code 2', async (word, line) => {
    const { code, out, problems } = await runRelay([word]);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(problems).toMatch(line);
  });
});

test('the program that npx runs is executable in a clone, and runs', () => {
  const file = join(root, 'cli/relay.ts');
  const { status, stdout } = spawnSync(file, ['--version'], { encoding: 'utf8', env: nodeFirst });

  expect(statSync(file).mode & 0o111).toBe(0o111);
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

/** npx puts the folder of Node 24 before the system's. */
const nodeFirst = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` };
