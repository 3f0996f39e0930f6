import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { outputOf } from '../../../local/run/child-output.ts';

const repository = join(import.meta.dirname, '../../..');
const door = pathToFileURL(join(repository, 'infra/index.ts')).href;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-own-app-'));
  await mkdir(join(folder, 'deep'));
  await writeFile(join(folder, 'cdk.json'), '{"app": "node app.ts"}');
  await writeFile(
    join(folder, 'app.ts'),
    `import { relayApp } from '${door}';
import { stages } from './stages.ts';
relayApp(stages).synth();`,
  );
});
afterEach(() => rm(folder, { recursive: true }));

test('a run starts from the app and the settings of the operator’s own folder, with a kind of their own', async () => {
  await writeStages('(events) => events.find((event) => !event.includes(\'"_relay"\')) && "a bare event"');

  const { code, text } = await start('--events', '20', '--json');

  const json = JSON.parse(text.trimEnd().split('\n').at(-1)!);
  expect(code).toBe(0);
  expect(json.streams).toMatchObject([
    { id: 'own', missing: 0, destinations: [{ kind: 'ownIntake', missing: 0 }] },
  ]);
});

test('the receiver that comes with the kind decides what arrives', async () => {
  await writeStages("() => 'no thanks'");

  const { code, text } = await start('--events', '5');

  expect(code).toBe(1);
  expect(text).toContain('no thanks');
});

function writeStages(receive: string): Promise<void> {
  return writeFile(
    join(folder, 'stages.ts'),
    `import { defineDestination, defineStages } from '${door}';
const ownIntake = defineDestination<{ readonly team: string }>({
  kind: 'ownIntake',
  settings: { team: /^[a-z]+$/ },
  endpoint: ({ team }) => ({ url: \`https://\${team}.example.com/intake\`, attributes: { team } }),
  receive: ${receive},
});
export const stages = defineStages({
  dev: {
    environment: 'sandbox',
    secret: 'relay/dev',
    keepData: false,
    terminationProtection: false,
    streams: [
      {
        name: 'own-stream',
        id: 'own',
        type: 'risk',
        destinations: [
          ownIntake({
            team: 'soc',
            secret: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:soc-AbCdEf',
          }),
        ],
      },
    ],
  },
});`,
  );
}

async function start(...words: readonly string[]) {
  const child = spawn(process.execPath, [join(repository, 'lab/start.ts'), ...words], {
    cwd: join(folder, 'deep'),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return outputOf(child);
}
