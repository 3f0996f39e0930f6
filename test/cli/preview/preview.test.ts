import { describe, expect, test } from 'vitest';
import { hiddenText } from '../../../cli/preview/hidden-text.ts';
import { createPreview } from '../../../cli/preview/preview.ts';
import { previewReport, type ReportOptions } from '../../../cli/preview/preview-report.ts';
import { previewText } from '../../../cli/preview/show-preview.ts';
import { compileView, viewLabel, type WrittenView } from '../../../functions/stored/compiled-view.ts';
import { cutOf } from '../../functions/collector/answers/cut-of.ts';
import { batchOf } from '../small-relay.ts';

const key = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:view-AbCdEf';
const month = 730 * 3_600;
const byMonth: ReportOptions = {
  ...{ seconds: month, factor: 1, packing: 'lines', egressPerByte: 0, show: 0 },
};

function previewOf(written: WrittenView, events: readonly string[], packing: 'lines' | 'single' = 'lines') {
  const view = compileView(written);
  const preview = createPreview({
    ...{ view, label: viewLabel('v', view), type: 'cis', stage: 'dev', mostExamples: 3 },
    destination: { format: 'relay-line', packing, quotaMiBPerSecond: 1 },
  });
  preview.add({ batch: batchOf(events), cut: cutOf(events) });
  return preview;
}

const reportOf = (written: WrittenView, events: readonly string[], options: Partial<ReportOptions> = {}) =>
  previewReport(previewOf(written, events, options.packing), { ...byMonth, ...options });

const login = (index: number) =>
  `{"activity":"user_login","user_id":"user-${index}","ip":"10.1.2.3","timestamp":"2026-03-01T09:00:00Z","agent":"${'x'.repeat(80)}"}`;
const read = (index: number) => `{"activity":"get_user","user_id":"user-${index}"}`;

describe('a preview', () => {
  const events = [login(1), read(2), login(3), '{"activity":"get_users"}', '17'];

  test('counts what is dropped, refused and seen, and what each rule met', () => {
    const report = reportOf(
      { activities: { drop: ['get_*'] }, members: { user_id: 'pseudonym', ip: 'network' }, key },
      events,
    );

    expect(report).toMatchObject({ events: 5, dropped: 2, refused: 1, seen: 2 });
    expect(report.rules.map(({ rule, met, events: of, share }) => [rule, met, of, share])).toEqual([
      ['drop get_*', 2, 2, 2 / 5],
      ['network ip', 2, 2, 1],
      ['pseudonym user_id', 2, 2, 1],
    ]);
  });

  test('counts with keep what is left out by no rule', () => {
    const report = reportOf({ activities: { keep: ['user_login'] } }, events);

    expect(report).toMatchObject({ events: 5, dropped: 3, refused: 0, seen: 2 });
    expect(report.rules).toMatchObject([{ rule: 'keep user_login', met: 2, share: 2 / 5, bytesSaved: 0 }]);
  });

  test('says the bytes that each rule saves: those that a line is longer without the rule', () => {
    const { rules } = reportOf({ members: { agent: 'remove', ip: 'mask', user_id: 'pseudonym' }, key }, [
      login(1),
    ]);

    expect(rules.map(({ rule, bytesSaved }) => [rule, bytesSaved])).toEqual([
      ['remove agent', `,"agent":"${'x'.repeat(80)}"`.length],
      ['mask ip', '10.1.2.3'.length - '***'.length],
      ['pseudonym user_id', 'user-1'.length - 'p1:'.length - 22],
    ]);
  });

  test('of an allow-list says what becomes of the members that no rule names', () => {
    const { rules } = reportOf({ members: { activity: 'keep' }, otherMembers: 'remove', key }, [read(1)]);

    expect(rules).toMatchObject([
      { rule: 'keep activity', met: 1, bytesSaved: 0 },
      { rule: 'remove all other members', met: 1, share: 1, bytesSaved: ',"user_id":"user-1"'.length },
    ]);
  });

  test('reckons dollars a month by the bytes that Firehose bills and by traffic out of AWS', () => {
    const many = Array.from({ length: 400 }, (_, index) => login(index));
    const gib = 1024 ** 3;
    const report = reportOf({ members: { agent: 'remove' }, key }, many, { seconds: month / 10 });
    const [rule] = report.rules;

    expect(report.dollarsBefore).toBeCloseTo(
      (10 * 0.029 * Math.ceil(report.bytesBefore / 5_120) * 5_120) / gib,
      12,
    );
    expect(rule!.dollarsSaved / report.dollarsBefore).toBeCloseTo(rule!.bytesSaved / report.bytesBefore, 9);
    const out = reportOf({ members: { agent: 'remove' }, key }, many, { egressPerByte: 1 });
    expect(out.dollarsBefore - report.dollarsBefore / 10).toBeCloseTo((0.09 * out.bytesBefore) / gib, 12);
  });

  test('finds no saving at Firehose in a shorter event that is a record by itself', () => {
    const single = { packing: 'single' as const };
    const { rules } = reportOf(
      { activities: { drop: ['get_user'] }, members: { agent: 'remove' }, key },
      [login(1), read(2)],
      single,
    );

    expect(rules.map(({ dollarsSaved }) => dollarsSaved > 0)).toEqual([true, false]);
  });

  test('names for a rule that met nothing the nearest spelling that events have', () => {
    const deep = '{"activity":"user_login","additional_params":{"email":"a@b"},"user_id":"u"}';
    const { rules } = reportOf(
      {
        activities: { drop: ['user_logn', 'nothing_like_it'] },
        members: { userid: 'pseudonym', 'additionalParams.emial': 'mask', 'additionalParam.email': 'mask' },
        key,
      },
      [deep],
    );

    expect(rules.map(({ rule, met, nearest }) => [rule, met, nearest])).toEqual([
      ['drop nothing_like_it', 0, undefined],
      ['drop user_logn', 0, 'user_login'],
      ['mask additionalParam.email', 0, 'additionalParams.email'],
      ['mask additionalParams.emial', 0, 'additionalParams.email'],
      ['pseudonym userid', 0, 'user_id'],
    ]);
  });

  test('names the activities and members that no rule names', () => {
    const { unnamed } = reportOf({ activities: { drop: ['get_*'] }, members: { user_id: 'mask' }, key }, [
      login(1),
      read(2),
      '{"activity":"sms_sent","user_id":1}',
      login(4),
    ]);

    expect(unnamed.activities).toEqual([
      { activity: 'user_login', events: 2 },
      { activity: 'sms_sent', events: 1 },
    ]);
    expect(unnamed.members).toMatchObject([
      { path: 'activity', events: 3 },
      { path: 'ip', events: 2 },
      { path: 'timestamp', events: 2 },
      { path: 'agent', events: 2 },
    ]);
  });

  test('reckons the counts of a sample up to the range, and leaves shares as they are', () => {
    const report = reportOf({ activities: { drop: ['get_user'] } }, [login(1), read(2)], { factor: 4 });

    expect(report).toMatchObject({ events: 8, dropped: 4, seen: 4 });
    expect(report.rules).toMatchObject([{ met: 4, share: 0.5 }]);
  });
});

describe('the examples', () => {
  const written: WrittenView = {
    activities: { drop: ['get_user'] },
    members: { user_id: 'pseudonym', ip: 'network', agent: 'remove', 'p.email': 'mask' },
    key,
  };
  const secret =
    '{"activity":"x","user_id":"jo-17","ip":"203.0.113.9","agent":"curl","p":{"email":"jo@x","n":[4711]}}';

  test('show members without values, unless values are asked for', () => {
    const { examples } = reportOf(written, [secret, read(1)]);

    expect(examples).toEqual([
      {
        before: '{"activity":…,"user_id":…,"ip":…,"agent":…,"p":{"email":…,"n":[…]}}',
        after: '{"activity":…,"user_id":<pseudonym>,"ip":<network>,"p":{"email":"***","n":[…]}}',
      },
      { before: '{"activity":…,"user_id":…}', after: 'dropped' },
    ]);
  });

  test('with --show 1 have the values of one event alone', () => {
    const { examples } = reportOf(written, [secret, read(1)], { show: 1 });

    expect(examples[0]?.before).toBe(secret);
    expect(examples[0]?.after).toMatch(
      /^\{"activity":"x","user_id":"p1:[\w-]{22}","ip":"203\.0\.113\.0","p":\{"email":"\*\*\*","n":\[4711\]\}\}$/,
    );
    expect(examples[1]?.before).toBe('{"activity":…,"user_id":…}');
  });

  test('are of different activities', () => {
    expect(previewOf({ activities: { drop: ['a'] } }, [read(1), read(2), login(3)]).examples).toHaveLength(2);
  });

  test('hide the values of an event that is no object, and of one that is nested very deep', () => {
    expect(hiddenText(Buffer.from('"secret"'))).toBe('…');
    expect(hiddenText(Buffer.from('{ "a" : [ ], "b":{"c" :{ }}, "d": -1.5e3 }'))).toBe(
      '{"a":[],"b":{"c":{}},"d":…}',
    );
    expect(hiddenText(Buffer.from(`${'{"a":'.repeat(5_000)}"secret"${'}'.repeat(5_000)}`))).not.toContain(
      'secret',
    );
  });
});

test('the text says what was found, and never a value', () => {
  const events = [login(1), read(2), '{"activity":"sms_sent","phone":"0171-555"}'];
  const found = reportOf(
    { activities: { drop: ['get_user', 'get_user_'] }, members: { ip: 'mask' }, key },
    events,
  );
  const range = { from: 0, to: 86_400_000, batches: 1, damaged: 2, isWhole: true };

  const text = previewText(found, { title: 'v@1 of today, for lake of cis in a place', ...range });

  expect(text).toContain('3 events in 1 batch: 1 dropped (33 %), 2 seen');
  expect(text).toMatch(/^drop get_user +1 +1 +33 % +\d+ +\$0\.00$/m);
  expect(text).toContain('met nothing: drop get_user_; did you mean get_user, which events have?');
  expect(text).toContain('no rule names these activities: user_login 1, sms_sent 1');
  expect(text).toContain('not counted: 2 batches that are no array of events');
  expect(text).not.toMatch(/user-1|10\.1\.2\.3|0171/);
});
