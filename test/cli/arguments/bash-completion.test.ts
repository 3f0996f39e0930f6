import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bashScript } from '../../../cli/arguments/completion/bash.ts';
import { commands, loadCommands } from '../../../cli/commands.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'relay-completion-'));
  writeFileSync(join(folder, 'relay.bash'), bashScript(await loadCommands()));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What bash offers for the last of these words, which it takes apart at "=" as an interactive shell does. */
function offered(...words: readonly string[]): readonly string[] {
  const apart = words.flatMap((word) =>
    word.startsWith('--') ? word.split(/(=)/).filter((part) => part !== '') : [word],
  );
  const script = `
    source "$1"; shift
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
    _relay
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync(
    'bash',
    ['--norc', '-c', script, 'bash', join(folder, 'relay.bash'), ...apart],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  );
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout.split('\n').filter((line) => line !== '');
}

test('commands are completed, also after npx', () => {
  expect(offered('relay', '')).toEqual(expect.arrayContaining(Object.keys(commands)));
  expect(offered('relay', 're')).toEqual(['resume', 'replay']);
  expect(offered('npx', 'relay', 'sta')).toEqual(['status']);
  expect(offered('npx', 're')).toEqual(['relay']);
  expect(offered('npx', 'vitest', 'sta')).toEqual([]);
});

test('flags of the command are completed, and of no other', () => {
  expect(offered('relay', 'replay', '--d')).toEqual(['--destination', '--dry-run']);
  expect(offered('relay', 'status', '--d')).toEqual([]);
  expect(offered('npx', 'relay', 'status', '--json', '--w')).toEqual(['--watch']);
});

test('a folder is completed where a command takes one, beside its flags', () => {
  mkdirSync(join(folder, 'siem'), { recursive: true });

  expect(offered('relay', 'init', 'si')).toEqual(['siem']);
  expect(offered('relay', 'init', '--ev')).toEqual(['--every']);
  expect(offered('relay', 'init', '--to', 's3,spl')).toEqual(['s3,splunk']);
});

test('a value is completed where its words are known, and no flag is offered in its place', () => {
  expect(offered('relay', 'replay', '--source', 'q')).toEqual(['quarantine', 'queues']);
  expect(offered('relay', 'replay', '--source', 'journal,qua')).toEqual(['journal,quarantine']);
  expect(offered('relay', 'replay', '--source=jo')).toEqual(['journal']);
  expect(offered('relay', 'replay', '--source=')).toHaveLength(4);
  expect(offered('relay', 'replay', '--stream', '')).toEqual([]);
  expect(offered('relay', 'completion', 'z')).toEqual(['zsh']);
});
