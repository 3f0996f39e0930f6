import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { chooseStage } from '../../infra/config/choose-stage.ts';
import * as door from '../../infra/index.ts';
import { defineDestination, defineStages, RelayStack, relayApp, type Stages } from '../../infra/index.ts';
import {
  inFolder,
  resourcesOf,
  settingsIn,
  stageSettings,
  streamSettings,
  type Template,
  unbundled,
} from './synthesized.ts';

const secret = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:acme-AbCdEf';

/** Definitions are for a whole process, as they are for whoever imports a settings file. */
const acme = defineDestination<{
  /** The dataset that events go to. */
  readonly dataset: string;
  readonly shards?: number;
}>({
  kind: 'acme',
  settings: {
    dataset: /^[a-z0-9-]{1,64}$/,
    shards: (written) =>
      written === undefined || (typeof written === 'number' && written > 0)
        ? undefined
        : `${String(written)} will not do; give a number above 0`,
  },
  packing: 'lines',
  endpoint: ({ dataset, shards = 1 }) => ({
    url: `https://intake.acme.example.com/${dataset}`,
    attributes: { shards: String(shards) },
  }),
});

const aged = defineDestination<object>({
  kind: 'aged',
  settings: {},
  clock: { past: 3_600, otherwise: 'drops', source: 'docs.example.com', read: '2026-11-30' },
  endpoint: () => ({ url: 'http://intake.example.com' }),
});

test('the package gives four names, and the types of what they take', () => {
  expect(Object.keys(door).sort()).toEqual(['RelayStack', 'defineDestination', 'defineStages', 'relayApp']);
});

test('the app of the repository is three lines through the same door', () => {
  const lines = readFileSync(join(import.meta.dirname, '../../infra/app.ts'), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');

  expect(lines).toEqual([
    "import { relayApp } from './index.ts';",
    "const app = await relayApp(import('./config/stages.ts'));",
    'app.synth();',
  ]);
});

describe('an app', () => {
  const stages = { dev: stageSettings(), other: stageSettings({ journalDays: 7 }) };
  const nameOf = (context: object, of: Stages = stages) =>
    inFolder((outdir) => relayApp(of, { outdir, context: { ...unbundled, ...context } })).stack.stackName;

  test('is of the stage that the context names, else of the only one, else of dev, as commands know it', () => {
    expect(nameOf({ stage: 'other' })).toMatch(/other$/);
    expect(nameOf({}, { other: stages.other })).toMatch(/other$/);
    expect(nameOf({})).toMatch(/dev$/);
  });

  test('takes the stages of the file that the context names, a module or data', () => {
    inFolder((folder) => {
      const files = { 'mine.json': JSON.stringify({ stages: { mine: stages.dev } }), 'mine.ts': '' };
      files['mine.ts'] = `export const stages: object = { mine: ${JSON.stringify(stages.dev)} };`;
      mkdirSync(join(folder, 'out'));
      for (const [name, text] of Object.entries(files)) {
        writeFileSync(join(folder, name), text);
        const context = { ...unbundled, stage: 'mine', settings: join(folder, name) };

        expect(relayApp(stages, { outdir: join(folder, 'out'), context }).stack.stackName).toMatch(/mine$/);
      }
    });
  });

  test('has its stack under the rule pack, and synthesises', () => {
    inFolder((outdir) => {
      const app = relayApp(stages, { outdir, context: unbundled });

      expect(app.stack).toBeInstanceOf(RelayStack);
      expect(app.synth().stacks.map(({ stackName }) => stackName)).toEqual([app.stack.stackName]);
    });
  });
});

test('a stage can be put into an app of one’s own, and its problems are thrown', () => {
  const app = new App({ context: unbundled });

  expect(RelayStack.ofStage(app, { dev: stageSettings() }, 'dev')).toBeInstanceOf(Stack);
  expect(() => RelayStack.ofStage(app, { dev: stageSettings() }, 'prod')).toThrow(/stage 'prod' is not in/);
});

test('a misspelt setting is an error of the compiler', () => {
  const stages = defineStages({
    dev: {
      environment: 'sandbox',
      secret: 'relay/dev',
      // @ts-expect-error it is journalDays
      journalDay: 7,
      streams: [{ id: 'one', type: 'cis', destinations: [{ kind: 's3' }] }],
    },
  });
  // @ts-expect-error the names of the stages are known
  expect(stages.prod).toBeUndefined();
  expect(stages.dev.streams).toHaveLength(1);
});

describe('a kind of one’s own', () => {
  const stageWith = (destination: ReturnType<typeof acme>) =>
    stageSettings({ region: 'eu-west-1', streams: [streamSettings({ destinations: [destination] })] });

  test('is delivered to, told to the collector and probed as a kind of the package is', () => {
    const template = inFolder(
      (outdir) =>
        relayApp(
          { dev: stageWith(acme({ dataset: 'mosaic', secret, bufferSeconds: 30 })) },
          {
            outdir,
            context: unbundled,
          },
        ).synth().stacks[0]?.template as Template,
    );

    const [[, stream] = []] = resourcesOf(template, 'AWS::KinesisFirehose::DeliveryStream');
    expect(stream?.Properties.HttpEndpointDestinationConfiguration).toMatchObject({
      EndpointConfiguration: { Name: 'acme', Url: 'https://intake.acme.example.com/mosaic' },
      RequestConfiguration: { CommonAttributes: [{ AttributeName: 'shards', AttributeValue: '1' }] },
      BufferingHints: { IntervalInSeconds: 30 },
    });
    expect(settingsIn(template)[0]?.destinations).toMatchObject([
      { name: 'acme', kind: 'acme', format: 'relay-line', packing: 'lines' },
    ]);
  });

  test('survives as data, since its name leads to its definition', () => {
    const written = JSON.parse(JSON.stringify(stageWith(acme({ dataset: 'mosaic', secret })))) as object;

    expect(chooseStage({ dev: written }, 'dev')).toMatchObject({
      stage: { streams: [{ destinations: [{ kind: 'acme' }] }] },
    });
  });

  test('has every setting judged, its own and those of every kind', () => {
    // @ts-expect-error a setting that is none
    const written = acme({ dataset: 'Not One', shards: -1, secret: 'a name', index: 'x' });

    expect(chooseStage({ dev: stageWith(written) }, 'dev')).toEqual({
      problems: [
        expect.stringMatching(/destinations\[0\]\.secret: 'a name' will not do/),
        expect.stringMatching(/destinations\[0\]\.dataset: 'Not One' will not do; give a text that/),
        expect.stringMatching(/destinations\[0\]\.shards: -1 will not do; give a number above 0/),
        expect.stringMatching(/destinations\[0\]\.index: is no setting of 'acme'/),
      ],
    });
  });

  test('goes to nothing that Firehose cannot reach', () => {
    expect(chooseStage({ dev: stageWith(aged({ secret, late: 'hold' })) }, 'dev')).toEqual({
      problems: [
        expect.stringMatching(/destinations\[0\]: goes to http:.*; Firehose reaches https on port 443/),
      ],
    });
  });

  test.each(['s3', 'acme', 'a-b', '1st'])('cannot be named %s', (kind) => {
    expect(() =>
      defineDestination<object>({ kind, settings: {}, endpoint: () => ({ url: 'https://a.example.com' }) }),
    ).toThrow(/give (this one another name|a letter)/);
  });
});
