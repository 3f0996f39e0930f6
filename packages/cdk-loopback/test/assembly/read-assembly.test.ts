import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rewriteOrigins } from '../../assembly/origins.ts';
import { readAssembly } from '../../assembly/read-assembly.ts';
import { writeAssembly } from '../aws/cloudformation/stack-fixture.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'assembly-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

test('a stack is read with its assets, and where it names no account or region, the documentation ones', () => {
  writeAssembly(dir, { Resources: {} }, { 'abc.zip': { 'index.mjs': '' } });

  const stack = readAssembly(dir);

  expect(stack).toMatchObject({ stackName: 'small', accountId: '123456789012', region: 'us-east-1' });
  expect(stack.assetPath('abc.zip')).toBe(join(dir, 'asset.abc.zip'));
  expect(() => stack.assetPath('absent.zip')).toThrow('absent.zip');
});

test('a stack that is not there, or one of several, is asked for by name', () => {
  const artifact = { type: 'aws:cloudformation:stack', environment: 'aws://111122223333/eu-west-1' };
  const artifacts = Object.fromEntries(
    ['a', 'b'].map((name) => [
      name,
      { ...artifact, properties: { templateFile: 't.json', stackName: `relay-${name}` } },
    ]),
  );
  writeFileSync(join(dir, 'manifest.json'), JSON.stringify({ artifacts }));
  writeFileSync(join(dir, 't.json'), '{"Resources":{}}');

  expect(() => readAssembly(dir)).toThrow('relay-a, relay-b');
  expect(() => readAssembly(dir, 'relay-c')).toThrow('relay-c was asked for');
  expect(readAssembly(dir, 'relay-b')).toMatchObject({ accountId: '111122223333', region: 'eu-west-1' });
});

test('every https origin in a text is replaced, and one that is not in the table refused by name', () => {
  const hosts = {
    'https://a.example.com': 'http://127.0.0.1:1',
    'https://b.example.com:8443': 'http://127.0.0.1:2',
  };

  const text = '{"a":"https://a.example.com/x?y=1","b":"https://b.example.com:8443"} http://c';
  expect(rewriteOrigins(text, hosts, 'here')).toBe(
    '{"a":"http://127.0.0.1:1/x?y=1","b":"http://127.0.0.1:2"} http://c',
  );
  expect(() => rewriteOrigins('https://c.example.com/', hosts, 'here')).toThrow(
    'here names https://c.example.com',
  );
});
