import { describe, expect, test } from 'vitest';
import { compareTemplates } from '../../cli/explain/compare-templates.ts';
import { adoptNamed } from '../../infra/config/adopt.ts';
import { chooseStage } from '../../infra/config/choose-stage.ts';
import { readStages } from '../../infra/config/read-stages.ts';
import type { StreamSettings } from '../../infra/config/stream-settings.ts';
import { settingsIn, stageOf, stageSettings, templateOf, templatesOf } from './synthesized.ts';

const before: StreamSettings = { id: 'relay-cis', name: 'cis', type: 'cis', witness: 'recover' };
const renamed: StreamSettings = { ...before, name: 'sign-ins', was: 'cis' };

function streamOf(stream: StreamSettings) {
  return stageOf(stageSettings({ streams: [stream] })).streams[0]!;
}

function problemsOf(...streams: readonly object[]): readonly string[] {
  const read = readStages({ test: { ...stageSettings(), streams } });
  return 'problems' in read ? read.problems : [];
}

/** The properties that a deploy of the renamed stream changes, by the type of the resource. */
function changedProperties(): ReadonlySet<string> {
  const [was, is] = [before, renamed].map((stream) =>
    templatesOf(stageOf(stageSettings({ streams: [stream] }))),
  );
  const changes = [...was!].flatMap(([file, { Resources }]) =>
    compareTemplates(Resources, is!.get(file)!.Resources),
  );
  return new Set(
    changes.map(({ action, type, properties }) => `${action} ${type}: ${properties.toSorted().join(', ')}`),
  );
}

describe('a stream with a was', () => {
  test('keeps every resource and every name on AWS; texts change, and the parents of stacks with changed texts', () => {
    expect(changedProperties()).toEqual(
      new Set([
        'changed AWS::Lambda::Function: Description, Environment',
        'changed AWS::Lambda::Function: Environment',
        'changed AWS::CloudWatch::Dashboard: DashboardBody',
        'changed AWS::CloudWatch::Alarm: AlarmDescription',
        'changed AWS::CloudFormation::Stack: TemplateURL',
      ]),
    );
  });

  test('tells its collector, and that of its witness, the new names beside the old ones', () => {
    const template = templateOf(stageOf(stageSettings({ streams: [renamed] })));
    expect(settingsIn(template).map(({ name, label }) => `${name}: ${label}`)).toEqual([
      'cis: sign-ins',
      'cis-witness: sign-ins-witness',
    ]);
  });

  test('goes on under the id that its name was, where no id is given', () => {
    const pulled = {
      pullUrl: 'https://api.example.com/collect',
      type: 'cis',
      name: 'new',
      was: 'old',
    } as const;
    expect(streamOf(pulled)).toMatchObject({ name: 'old', label: 'new', id: 'old' });
  });

  test('takes a new id for its new name, as it would without was', () => {
    const renumbered = { id: 'sign-ins', type: 'cis', was: 'cis' } as const;
    expect(streamOf(renumbered)).toMatchObject({ name: 'cis', label: 'sign-ins', id: 'sign-ins' });
  });

  test.each(['cis', 'sign-ins', 'cis-witness', 'sign-ins-witness'])('is adopted by the name %s', (name) => {
    const chosen = adoptNamed(chooseStage({ test: stageSettings({ streams: [renamed] }) }, 'test'), name);
    const [stream] = 'stage' in chosen ? chosen.stage.streams : [];
    expect([stream?.adopt, stream?.witness?.adopt]).toContain(true);
  });
});

describe('refused is a was', () => {
  const other = { id: 'relay-other', name: 'other', type: 'cis' };

  test('of a stream that is in the settings too', () => {
    expect(problemsOf({ ...other, was: 'cis' }, before)).toEqual([
      "stages.test.streams[0].was: 'cis' is also the name of streams[1]; one stream alone goes on with its journal: take that one out, or this was",
    ]);
  });

  test('that two streams give', () => {
    expect(problemsOf({ ...other, was: 'old' }, { ...before, was: 'old' })).toHaveLength(2);
  });

  test('of a witness in the settings', () => {
    expect(problemsOf(before, { ...other, was: 'cis-witness' })).toHaveLength(1);
  });

  test('that is the name itself', () => {
    expect(problemsOf({ ...before, was: 'cis' })).toEqual([
      'stages.test.streams[0].was: is its name still; give another name, or take it out',
    ]);
  });

  test('whose new name is what another stream was', () => {
    expect(problemsOf({ ...other, was: 'first' }, { ...before, name: 'first', was: 'second' })).toEqual([
      "stages.test.streams[1].name: 'first' is also what streams[0] is called, or was; give it another name",
    ]);
  });
});
