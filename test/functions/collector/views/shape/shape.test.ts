import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MappedType } from '../../../../../content/mapping/mapping-of.ts';
import { compileShape, type OcsfShape, ocsfShapes } from '../../../../../content/mapping/ocsf.ts';
import { cutEvents } from '../../../../../functions/collector/answers/cut-events.ts';
import { eventId, eventIds } from '../../../../../functions/collector/answers/event-id.ts';
import { parseTimestamp } from '../../../../../functions/collector/answers/event-timestamp.ts';
import { createKeyedIds } from '../../../../../functions/collector/views/keyed-id.ts';
import { createSeer } from '../../../../../functions/collector/views/see-cut.ts';
import { placesOf } from '../../../../../functions/stored/compiled-shape.ts';
import { compileView, memberDepth, type WrittenView } from '../../../../../functions/stored/compiled-view.ts';
import { viewKey } from '../drawn-views.ts';
import { drawnShapedEvent } from './drawn-events.ts';
import { memberOf, type RawValue, readRaw, valueAt } from './raw-json.ts';

const collectedAt = Date.UTC(2026, 2, 2, 8);
const types: readonly MappedType[] = ['cis', 'admin', 'risk', 'verify'];

describe('a shaped line', () => {
  test.each(
    types.flatMap((type) => [
      [type, true],
      [type, false],
    ]) as readonly [MappedType, boolean][],
  )(
    'of a hostile event of type %s has every member at a place, in unmapped, or in raw_data (rawData %s)',
    (type, rawData) => {
      fc.assert(
        fc.property(fc.constantFrom(...ocsfShapes), drawnShapedEvent(), (name, event) => {
          const shape = compileShape(name, type, { rawData });
          const text = shaped(event, { name, type, rawData });
          const line = readRaw(text);

          const raw = readRaw(event);
          expect(text).not.toMatch(/[\r\n]/);
          expect(() => JSON.parse(text)).not.toThrow();
          const members = leaves(raw);
          const kept = memberOf(line, 'raw_data');
          const hasDuplicates = members.some(({ isLast }) => !isLast);
          if (rawData || hasDuplicates) expect(JSON.parse(kept!.text)).toBe(event);
          else expect(kept).toBeUndefined();
          for (const { path, value, isLast } of members) {
            if (!isLast) continue;
            const places = [...placesOf(shape, canonical(path)), `unmapped.${path}`];
            const found = places.map((place) => valueAt(line, place)?.text);
            expect(found).toContain(spaces(value.text));
          }
          const sent = new Set(members.map(({ path }) => path));
          for (const { path } of leaves(memberOf(line, 'unmapped') ?? { text: '{}', members: [] }))
            expect(sent).toContain(path);
        }),
        { numRuns: 400 },
      );
    },
  );

  test('tells the time of the event, or of its collecting with the timestamp as sent', () => {
    expect(parsed(event({ timestamp: '2026-03-02T07:55:15.940Z' }))).toMatchObject({
      time: Date.UTC(2026, 2, 2, 7, 55, 15, 940),
      metadata: { original_time: '2026-03-02T07:55:15.940Z' },
    });
    expect(parsed(event({ timestamp: 'yesterday' }))).toMatchObject({
      time: collectedAt,
      metadata: { original_time: 'yesterday' },
    });
    expect(parsed(event({ timestamp: 1772438115 }))).toMatchObject({
      time: 1_772_438_115_000,
      metadata: { original_time: '1772438115' },
      unmapped: { timestamp: 1772438115 },
    });
    expect(parsed(event({ timestamp: { at: 1 } }))).toMatchObject({
      time: collectedAt,
      unmapped: { timestamp: { at: 1 } },
    });
    expect(parsed('{"activity":"user_login"}').time).toBe(collectedAt);
  });

  test('has a score of 0 to 100 rounded, with the exact one in unmapped, and any other in unmapped alone', () => {
    const scored = (score: string) => {
      const line = parsed(
        `{"activity":"risk_recommendation","additionalParams":{"recommendation":"DENY","riskScore":${score}}}`,
        { type: 'risk' },
      );
      return [line.class_uid, line.risk_score, line.unmapped?.additionalParams?.riskScore];
    };
    expect(scored('73')).toEqual([2004, 73, undefined]);
    expect(scored('73.5')).toEqual([2004, 74, 73.5]);
    expect(scored('1e2')).toEqual([2004, 100, 100]);
    for (const [text, value] of [
      ['100.5', 100.5],
      ['-1', -1],
      ['"73"', '73'],
    ] as const)
      expect(scored(text)).toEqual([2004, undefined, value]);
  });

  test('counts the last of duplicate keys, and has the rest in raw_data even where that is off', () => {
    const text = '{"activity":"user_login","user_id":"first","user_id":"second","z":1,"\\u007a":2}';
    const line = parsed(text, { rawData: false });

    expect(line.user.uid).toBe('second');
    expect(line.unmapped).toEqual({ z: 2 });
    expect(line.raw_data).toBe(text);
  });

  test('of an activity that the table does not know is a base event with everything in unmapped', () => {
    const sent = { activity: 'new_thing', user_id: 'u', timestamp: '2026-03-02T07:55:15.940Z' };
    const line = parsed(JSON.stringify(sent));

    expect(line).toMatchObject({ class_uid: 0, metadata: { event_code: 'new_thing' }, unmapped: sent });
    expect(parsed('17')).toMatchObject({ class_uid: 0, unmapped: { event: 17 }, raw_data: '17' });
    const cut = cutOf(`[${JSON.stringify(sent)},{"activity":"user_login"},5]`);
    expect(seer({})(cut, 'cis', 0).unmapped).toBe(2);
  });

  test('has its event without raw_data where a record would not hold both', () => {
    const long = event({ note: 'x'.repeat(600_000) });
    const line = parsed(long);

    expect(line.raw_data).toBeUndefined();
    expect(line.unmapped.note).toHaveLength(600_000);
  });

  test('has the id of its event, and the keyed one behind a view that changes members', () => {
    const text = event({ user_id: 'u', user_agent: 'curl', ip: '203.0.113.123' });
    const rawId = eventId('cis', Buffer.from(text));
    expect(parsed(text).metadata.uid).toBe(rawId);

    const view = {
      members: { user_id: 'pseudonym', ip: 'network', user_agent: 'remove' },
      key: 'arn',
    } as const;
    const seen = seer({}, view)(cutOf(`[${text}]`), 'cis', collectedAt);
    const line = JSON.parse(Buffer.from(seen.cut.source).toString());
    expect(line.metadata.uid).toBe(createKeyedIds(viewKey())(rawId));
    expect(eventIds(seen.cut, 'cis').toString()).toBe(line.metadata.uid);
    expect(line.src_endpoint.ip).toBe('203.0.113.0');
    expect(JSON.stringify(line)).not.toMatch(/curl|203\.0\.113\.123|"u"/);
    expect(JSON.parse(line.raw_data)).toMatchObject({ ip: '203.0.113.0', user_id: line.user.uid });
  });

  test('keeps its event’s readable time for those who judge by it, and tells none of an unreadable one', () => {
    const cut = cutOf(`[${event({ timestamp: '1772438115' })},${event({ timestamp: 'never' })},{}]`);
    const { cut: made } = seer({})(cut, 'cis', collectedAt);
    const times = [0, 1, 2].map((index) =>
      parseTimestamp(made.source, made.timestamps.starts[index]!, made.timestamps.ends[index]!),
    );
    expect(times).toEqual([1_772_438_115_000, undefined, undefined]);
    expect([...made.timestamps.ends].slice(1)).toEqual([0, 0]);
  });

  test('is the same whether the cutter noted the members or not', () => {
    const text = `[${event({ user_id: 'u' })}]`;
    const plain = cutEvents(Buffer.from(text));
    if ('damaged' in plain) throw new Error('damaged');
    expect(Buffer.from(seer({})(plain, 'cis', 0).cut.source)).toEqual(
      Buffer.from(seer({})(cutOf(text), 'cis', 0).cut.source),
    );
  });
});

interface Options {
  readonly name?: OcsfShape;
  readonly type?: MappedType;
  readonly rawData?: boolean;
}

function seer({ name = 'ocsf-1.5', type = 'cis', rawData = true }: Options, view: WrittenView = {}) {
  return createSeer({ ...compileView(view), shape: compileShape(name, type, { rawData }) }, viewKey());
}

function shaped(event: string, options: Options): string {
  const { cut } = seer(options)(cutOf(`[${event}]`), options.type ?? 'cis', collectedAt);
  return Buffer.from(cut.source).toString();
}

// biome-ignore lint/suspicious/noExplicitAny: a line of any class.
function parsed(event: string, options: Options = {}): any {
  return JSON.parse(shaped(event, options));
}

function event(members: object): string {
  return JSON.stringify({ activity: 'user_login', ...members });
}

function cutOf(text: string) {
  const cut = cutEvents(Buffer.from(text), {
    depth: memberDepth({ ...compileView({}), shape: compileShape('ocsf-1.5', 'cis', { rawData: true }) }),
  });
  if ('damaged' in cut) throw new Error(cut.message);
  return cut;
}

interface Leaf {
  readonly path: string;
  readonly value: RawValue;
  /** False for a member that a later one of the same name replaces. */
  readonly isLast: boolean;
}

/** The members of an event, and in the place of additional parameters that are an object, what is in them. */
function leaves(value: RawValue): readonly Leaf[] {
  const { members = [] } = value;
  return members.flatMap(([name, each], index) => {
    const isLast = members.findLastIndex(([other]) => other === name) === index;
    const isParams = /^additional(P|_p)arams$/.test(name) && (each.members?.length ?? 0) > 0;
    if (!isParams || !isLast) return [{ path: name, value: each, isLast }];
    return each.members!.map(([below, inner], at) => ({
      path: `${name}.${below}`,
      value: inner,
      isLast: each.members!.findLastIndex(([other]) => other === below) === at,
    }));
  });
}

function canonical(path: string): string {
  return path.replace(/^additional_params/, 'additionalParams');
}

/** A line break between tokens becomes a space. */
function spaces(text: string): string {
  return text.replaceAll(/[\r\n]/g, ' ');
}
