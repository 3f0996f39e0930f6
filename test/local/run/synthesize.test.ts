import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { synthesize } from '../../../local/run/synthesize.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'relay-synth-'));
  await mkdir(join(root, 'infra'));
  await mkdir(join(root, 'assembly'));
  await writeFile(join(root, 'cdk.json'), '{"context": {"a": true}}');
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

  test('ends with its child when it is interrupted', async () => {
    await app('setInterval(() => {}, 1000);');
    await expect(run(AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });
});

function app(text: string): Promise<void> {
  return writeFile(join(root, 'infra', 'app.ts'), text);
}

function run(signal = new AbortController().signal): Promise<void> {
  return synthesize({ root, outdir: join(root, 'assembly'), stage: 'dev', signal });
}
