import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAlarm } from '@mosaic-relay/cdk-loopback';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalDeployment, localDeploymentFile } from '../../../cli/access/local-deployment.ts';
import { type StageUnderTest, startStage } from '../local-stage.ts';

const runbook = readFileSync(join(import.meta.dirname, '../../../docs/runbook.md'), 'utf8');

let stage: StageUnderTest;

beforeAll(async () => {
  stage = await startStage();
  const { world, source, streams } = stage;
  source.generate(streams, 20, 60_000);
  world.startSchedules();
  await world.clock.runUntil(() => false, world.clock.now() + 600_000);
}, 120_000);
afterAll(() => stage?.close());

test("the first step of each alarm's text works in the local run", async () => {
  const firsts = new Set(
    stage.world.deployment.byType('AWS::CloudWatch::Alarm').map(({ physicalId, properties }) => {
      const { description } = readAlarm(physicalId, properties);
      return /^First: npx relay (.+)$/m.exec(description)?.[1] ?? physicalId;
    }),
  );
  expect(firsts.size).toBeGreaterThan(10);
  for (const first of firsts) {
    const { code, problems } = await stage.relay(first);
    expect([first, code, problems]).toEqual([first, 0, '']);
  }
});

test('every command of the runbook exists, with the flags that it gives', async () => {
  const told = [...runbook.matchAll(/`npx relay ([^`]+)`/g)].map(([, command]) => command!);
  const commands = new Set(told.map((command) => command.replace('<name>', 's3')));
  for (const command of commands) {
    const dry = command.startsWith('replay') && !command.includes('--dry-run') ? ' --dry-run' : '';
    const stream = /--stream|^(status|doctor)\b/.test(command) ? '' : ' --stream admin';
    const { code, problems } = await stage.relay(`${command}${dry}${stream}`);
    // Nobody can be asked here.
    const [usual, gaps] =
      command === 'alarm-test' ? [2, /^relay alarm-test: This sets .* say --yes to go on$/] : [0, /^$/];
    expect([command, code, problems]).toEqual([command, usual, expect.stringMatching(gaps)]);
  }
});

test("a local run gives each function's memory as the template has it", () => {
  const { functions } = JSON.parse(
    readFileSync(join(stage.out, localDeploymentFile), 'utf8'),
  ) as LocalDeployment;
  const memoryOf = (part: string) => functions.find(({ name }) => name.includes(part))?.memoryMb;

  expect([memoryOf('cis'), memoryOf('lifecycle')]).toEqual([512, 256]);
});
