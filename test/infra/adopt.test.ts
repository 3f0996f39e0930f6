import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { adoptNamed } from '../../infra/config/adopt.ts';
import { chooseStage } from '../../infra/config/choose-stage.ts';
import { readStages } from '../../infra/config/read-stages.ts';
import type { StreamSettings } from '../../infra/config/stream-settings.ts';
import { inFolder, resourcesOf, stageSettings, templateOf } from './synthesized.ts';

const root = join(import.meta.dirname, '../..');
const pullUrl = 'https://api.example.com/collect?type=risk&stream_id=three';
const streams: readonly StreamSettings[] = [
  { id: 'one', type: 'cis', witness: 'detect' },
  { id: 'two', type: 'admin' },
  { name: 'three', pullUrl, type: 'risk' },
];

/** The names of the streams that take over what Mosaic has. */
function adopted(named: unknown, written: readonly StreamSettings[] = streams): readonly string[] {
  const chosen = adoptNamed(chooseStage({ test: stageSettings({ streams: written }) }, 'test'), named);
  if ('problems' in chosen) return chosen.problems;
  const properties = resourcesOf(templateOf(chosen.stage), 'Custom::MosaicStream');
  return properties.flatMap(([, { Properties }]) =>
    Properties.Adopt === undefined ? [] : [`${Properties.StreamName}: ${Properties.Adopt}`],
  );
}

test('nothing is adopted, and no resource says anything of it, unless the operator does', () => {
  expect(adopted(undefined)).toEqual([]);
});

test('streams are named with commas between them, or as a list in a file of context', () => {
  expect(adopted('two, one')).toEqual(['one: true', 'one-witness: true', 'two: true']);
  expect(adopted(['two', 'one-witness'])).toEqual(['one-witness: true', 'two: true']);
});

test('a witness may be adopted alone, and is with its stream', () => {
  expect(adopted('one-witness')).toEqual(['one-witness: true']);
  expect(adopted(undefined, [{ id: 'one', type: 'cis', witness: 'detect', adopt: true }])).toEqual([
    'one: true',
    'one-witness: true',
  ]);
});

test.each(['four', '', 'one,four', 'true'])('%j is refused with the names that would do', (named) => {
  const name = named.split(',').at(-1);
  expect(adopted(named)).toEqual([
    `adopt: '${name}' is no stream of stage test; give one of one, one-witness, two`,
  ]);
});

test('a stream that is read by its pull URL has nothing to adopt, by name or by setting', () => {
  expect(adopted('three')).toEqual([
    "adopt: 'three' is read by its pull URL, so that there is nothing to adopt; give one of one, one-witness, two",
  ]);
  const settings = stageSettings({ streams: [{ name: 'three', pullUrl, type: 'risk', adopt: true }] });
  expect(readStages({ test: settings })).toEqual({
    problems: [expect.stringMatching(/^stages\.test\.streams\[0\]\.adopt: has no meaning with pullUrl/)],
  });
});

test('the app refuses an unknown name in one line, and synthesises nothing', () => {
  const { status, stderr } = inFolder((outdir) =>
    spawnSync(process.execPath, ['infra/app.ts'], {
      cwd: root,
      encoding: 'utf8',
      env: {
        ...process.env,
        CDK_OUTDIR: outdir,
        CDK_CONTEXT_JSON: JSON.stringify({ stage: 'dev', adopt: 'cis,nobody' }),
      },
    }),
  );
  expect([status, stderr.trim().split('\n').at(-1)]).toEqual([
    1,
    "adopt: 'nobody' is no stream of stage dev; give one of admin, cis, risk, verify",
  ]);
});
