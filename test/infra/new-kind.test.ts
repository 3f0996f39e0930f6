import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Target } from '../../cli/doctor/targets.ts';
import type { CollectorSettings } from '../../functions/collector/contract.ts';
import { destinationKinds } from '../../infra/destinations/destination-kinds.ts';
import { startReceivers } from '../../local/run/receivers/start-receivers.ts';
import { applied, blocksOf } from './contributing.ts';
import { resourcesOf, settingsIn, type Template } from './synthesized.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/contributing.md'), 'utf8');

/** What the page tells a contributor to write for a kind. */
const kind = blocksOf(page, 'ts').find((block) => block.startsWith('// infra/destinations/honeycomb.ts\n'))!;
const list = blocksOf(page, 'diff').find((block) => block.includes('+  honeycomb,'))!;

const secret = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:honeycomb-AbCdEf';

let copy: string;
let made: {
  readonly template: Template;
  readonly targets: readonly Target[];
  readonly problems: readonly string[];
};
beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), 'relay-new-kind-'));
  for (const folder of ['infra', 'functions', 'cli', 'content/mapping'])
    cpSync(join(root, folder), join(copy, folder), { recursive: true });
  for (const name of ['node_modules', 'packages']) symlinkSync(join(root, name), join(copy, name));
  cpSync(join(root, 'package.json'), join(copy, 'package.json'));
  writeFileSync(join(copy, 'infra/destinations/honeycomb.ts'), kind);
  const kinds = join(copy, 'infra/destinations/destination-kinds.ts');
  writeFileSync(kinds, applied(list, readFileSync(kinds, 'utf8')));
  writeFileSync(join(copy, 'try.ts'), program);
  const { stdout } = await promisify(execFile)(process.execPath, ['try.ts'], { cwd: copy, maxBuffer: 1e8 });
  made = JSON.parse(stdout.slice(stdout.lastIndexOf('\n{') + 1)) as typeof made;
}, 120_000);
afterAll(() => rmSync(copy, { recursive: true, force: true }));

const program = `
import { chooseStage } from './infra/config/choose-stage.ts';
import { stageApp } from './infra/stage-app.ts';
import { targetsOfSettings } from './cli/doctor/targets.ts';

const stageWith = (destination) => chooseStage({ test: {
  environment: 'sandbox', secret: 'relay/test', region: 'eu-west-1', terminationProtection: false,
  streams: [{ id: 'one', type: 'cis', destinations: [{ kind: 'honeycomb', ...destination }] }],
} }, 'test');
const { stage } = stageWith({ dataset: 'mosaic', secret: '${secret}' });
const app = stageApp(stage, { outdir: './out', context: { 'aws:cdk:bundling-stacks': [] } });
console.log('\\n' + JSON.stringify({
  template: app.synth().stacks[0].template,
  targets: targetsOfSettings(stage.streams[0]),
  problems: stageWith({ dataset: 'Not One', secret: '${secret}', index: 'x' }).problems,
}));
`;

describe('a kind that is one file and its name in the list', () => {
  test('is delivered to, with a role and a log group of its own', () => {
    const [[, stream] = []] = resourcesOf(made.template, 'AWS::KinesisFirehose::DeliveryStream');

    expect(stream?.Properties.HttpEndpointDestinationConfiguration).toMatchObject({
      EndpointConfiguration: { Name: 'Honeycomb', Url: 'https://api.honeycomb.io/1/kinesis_events/mosaic' },
      CloudWatchLoggingOptions: { Enabled: true },
    });
  });

  test('is told to the collector with its line format, packing and metrics', () => {
    const [told] = settingsIn(made.template) as readonly [CollectorSettings];

    expect(told.destinations).toMatchObject([
      {
        name: 'honeycomb',
        kind: 'honeycomb',
        format: 'relay-line',
        packing: 'single',
        deliveryMetrics: 'DeliveryToHttpEndpoint',
      },
    ]);
  });

  test('is probed by the doctor as far as its kind says', () => {
    expect(made.targets).toMatchObject([
      { name: 'honeycomb', protocol: 'unprobed', secret: { secretId: secret, member: 'api_key' } },
    ]);
  });

  test('has its settings judged by its own schema', () => {
    expect(made.problems).toEqual([
      expect.stringMatching(/destinations\[0\]\.dataset: 'Not One' will not do; give a dataset's name/),
      expect.stringMatching(/destinations\[0\]\.index: is no setting of 'honeycomb'/),
    ]);
  });

  test('is received in a local run by the protocol that it speaks', async () => {
    const clock = { now: () => Date.UTC(2026, 2, 1) };
    const receivers = await startReceivers({
      template: { Resources: made.template.Resources },
      clock,
      accountId: '111122223333',
    });
    const received = receivers.of('one', 'honeycomb');
    await receivers.close();

    expect(received?.origin).toBe('https://api.honeycomb.io');
  });
});

test.each(Object.keys(destinationKinds))('%s has its row in both tables of docs/destinations.md', (name) => {
  const rows = readFileSync(join(root, 'docs/destinations.md'), 'utf8')
    .split('\n')
    .filter((line) => new RegExp(`^\\| [^|]*\`${name}\`[^|]* \\|`).test(line));

  expect(rows.length).toBeGreaterThanOrEqual(2);
});

describe('the change that docs/contributing.md shows for a setting', () => {
  const change = blocksOf(page, 'diff').find((block) => block.includes('diff --git'))!;
  const files = change.split(/^diff --git .*\n/m).slice(1);
  const pathOf = (file: string) => /^\+\+\+ b\/(.*)$/m.exec(file)?.[1] ?? '';

  test('touches at most five files', () => {
    expect(files.length).toBeLessThanOrEqual(5);
  });

  test.each(files.map((file) => [pathOf(file), file]))('can be made in %s', (path, file) => {
    const source = readFileSync(join(root, path), 'utf8');

    expect(applied(file, source)).toContain('autious');
    expect(applied(file, source)).not.toBe(source);
  });
});
