import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { synthesize } from '../../../local/run/synthesize.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'relay-synth-'));
  await mkdir(join(root, 'assembly'));
  await writeFile(join(root, 'cdk.json'), '{"app": "node app.ts", "context": {"a": true}}');
});
afterEach(() => rm(root, { recursive: true }));

describe('synthesising', () => {
  test('tells the app its folder, the context of cdk.json and the stage', async () => {
    await app(`
      import { writeFileSync } from 'node:fs';
      writeFileSync(process.env.CDK_OUTDIR + '/context.json', process.env.CDK_CONTEXT_JSON);`);
    await run();
    const context = JSON.parse(await readFile(join(root, 'assembly', 'context.json'), 'utf8'));
    expect(context).toEqual({ a: true, stage: 'dev' });
  });

  test('hands on the app’s own lines, without the trace', async () => {
    await app(
      'throw new Error("2 problems in stages.ts:\\n  streams[0].every: 90 seconds\\n  streams[1].id: a b");',
    );
    await expect(run()).rejects.toMatchObject({
      code: 'SynthFailed',
      message: '2 problems in stages.ts:\n  streams[0].every: 90 seconds\n  streams[1].id: a b',
    });
  });

  test('runs a command that needs a shell, with the Node that runs the program', async () => {
    await writeFile(join(root, 'cdk.json'), '{"app": "A=1 && node app.ts \\"$A\\""}');
    await app("import { writeFileSync } from 'node:fs'; writeFileSync(process.env.CDK_OUTDIR + '/ran', '');");
    await run();
    expect(await readdir(join(root, 'assembly'))).toEqual(['ran']);
  });

  test.each([
    ['{', /cdk\.json cannot be read: .*JSON/],
    ['{"app": 1}', /cdk\.json names no app; it needs one such as "app": "node app\.ts"$/],
  ])('says what is wrong with cdk.json: %s', async (cdkJson, message) => {
    await writeFile(join(root, 'cdk.json'), cdkJson);
    await expect(run()).rejects.toMatchObject({
      code: 'SynthFailed',
      message: expect.stringMatching(message),
    });
  });

  test('ends with its child when it is interrupted', async () => {
    await app('setInterval(() => {}, 1000);');
    await expect(run(AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });
});

function app(text: string): Promise<void> {
  return writeFile(join(root, 'app.ts'), text);
}

function run(signal = new AbortController().signal): Promise<void> {
  return synthesize({ root, outdir: join(root, 'assembly'), stage: 'dev', signal });
}
