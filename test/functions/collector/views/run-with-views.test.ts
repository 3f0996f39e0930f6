import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { eventId } from '../../../../functions/collector/answers/event-id.ts';
import type { DeliverySettings } from '../../../../functions/collector/delivery/delivery-settings.ts';
import type { LineFormat } from '../../../../functions/collector/delivery/formats/line-format.ts';
import { createRelayLine } from '../../../../functions/collector/delivery/formats/relay-line.ts';
import { createSplunkEnvelope } from '../../../../functions/collector/delivery/formats/splunk-envelope.ts';
import { SinkRefused } from '../../../../functions/collector/protocol/ports/sink.ts';
import {
  createDestinationViews,
  type KeepView,
  type ReadViewKey,
} from '../../../../functions/collector/views/destination-view.ts';
import { RelayError } from '../../../../functions/relay-error.ts';
import { compileView, viewLabel, type WrittenView } from '../../../../functions/stored/compiled-view.ts';
import { killSwitch } from '../protocol/killed.ts';
import { type RelayUnderTest, relayUnderTest } from '../protocol/relay-under-test.ts';
import { viewKey } from './drawn-views.ts';

const key = viewKey();
const analysts: WrittenView = {
  activities: { drop: ['get_user*'] },
  members: { user_id: 'pseudonym', ip: 'network', 'additionalParams.email': 'mask' },
  key: 'arn:key',
};

/** Every third event is one that the view drops. */
function eventOf(n: number): string {
  const activity = n % 3 === 2 ? 'get_users' : 'user_login';
  return `{"n":${n}, "activity":"${activity}","user_id":"secret-user-${n % 4}","ip":"203.0.113.${n + 10}","additional_params":{"email":"secret-mail-${n}"}}`;
}
const events = Array.from({ length: 30 }, (_, n) => eventOf(n));
const seenNumbers = [...events.keys()].filter((n) => n % 3 !== 2);

test('a destination sees its view, another sees every byte, and the run is complete', async () => {
  const { relay, label } = relayWithView();
  const report = await relay.run();

  expect(report).toMatchObject({ kind: 'ended', record: { outcome: 'drained', complete: true }, left: {} });
  expect(relay.delivered('raw')).toEqual([...events.keys()]);
  expect(linesOf(relay, 'raw').map((line) => line.slice(0, line.indexOf(',"_relay"')))).toEqual(
    events.map((event) => event.slice(0, -1)),
  );
  expect(relay.delivered('seen')).toEqual(seenNumbers);
  const [first] = linesOf(relay, 'seen');
  expect(first).toMatch(
    /^\{"n":0, "activity":"user_login","user_id":"p1:[\w-]{22}","ip":"203\.0\.113\.0","additional_params":\{"email":"\*\*\*"\},"_relay":/,
  );
  for (const line of linesOf(relay, 'seen')) expect(JSON.parse(line)._relay.view).toBe(label);
  for (const line of linesOf(relay, 'raw')) expect(JSON.parse(line)._relay).not.toHaveProperty('view');
});

test('the run tells what the view dropped and how often each rule met, in its record and its counters', async () => {
  const { relay } = relayWithView();
  const report = await relay.run();

  const views = {
    seen: {
      events: 30,
      dropped: 10,
      refused: 0,
      rules: {
        'drop get_user*': 10,
        'mask additionalParams.email': 20,
        'network ip': 20,
        'pseudonym user_id': 20,
      },
    },
  };
  expect(report).toMatchObject({ record: { views }, counters: { views } });
});

test('ids are keyed, equal in every delivery, and no trial of the hidden bytes finds one', async () => {
  const { relay } = relayWithView();
  relay.sinks.seen!.stored.answer = () =>
    new SinkRefused('no', { throttled: false, name: 'InternalFailure' });
  await relay.run();
  relay.sinks.seen!.stored.answer = () => undefined;
  await relay.sweep(['seen']);
  const swept = idsOf(relay, 'seen');
  const again = relayWithView().relay;
  await again.run();

  const keyed = (n: number) =>
    createHmac('sha256', key.secret)
      .update(`id:${eventId('cis', Buffer.from(eventOf(n)))}`)
      .digest('hex');
  expect(swept).toEqual(seenNumbers.map((n) => keyed(n).slice(0, 32)));
  expect(idsOf(again, 'seen')).toEqual(swept);
  const trials = [...Array(256).keys()].map((byte) =>
    eventId('cis', Buffer.from(eventOf(0).replace('203.0.113.10', `203.0.113.${byte}`))),
  );
  expect(trials).toContain(eventId('cis', Buffer.from(eventOf(0))));
  expect(trials.filter((id) => swept.includes(id))).toEqual([]);
});

test('no hidden value is in anything that the destination gets, in any encoding', async () => {
  const { relay } = relayWithView();
  await relay.run();

  const got = linesOf(relay, 'seen').join('\n');
  for (let n = 0; n < events.length; n++) {
    for (const hidden of [`secret-user-${n % 4}`, `203.0.113.${n + 10}`, `secret-mail-${n}`]) {
      const bytes = Buffer.from(hidden);
      for (const form of [
        hidden,
        bytes.toString('base64').replace(/=+$/, ''),
        bytes.toString('hex'),
        eventId('cis', bytes),
      ])
        expect(got).not.toContain(form);
    }
  }
});

test('a key that cannot be read lets its destination wait, unmasked events go nowhere, and others go on', async () => {
  let readable = false;
  const { relay } = relayWithView(async () => {
    if (!readable) throw new RelayError('ViewKeyUnreadable', 'no');
    return key;
  });

  const report = await relay.run();
  expect(report).toMatchObject({ record: { complete: false }, left: { seen: 'ViewKeyUnreadable' } });
  expect(relay.delivered('raw')).toHaveLength(30);
  const waiting = await relay.sweep();
  expect(waiting).toMatchObject({ refusing: { seen: 'ViewKeyUnreadable' }, openRuns: 1 });
  expect(waiting.oldestUndeliveredMs).toBeGreaterThan(0);
  expect(relay.sinks.seen!.stored.records).toEqual([]);

  readable = true;
  await relay.sweep();
  expect(relay.delivered('seen')).toEqual(seenNumbers);
  expect(relay.state.stored.open.size).toBe(0);
});

test('nothing is made by a view that could not be kept', async () => {
  const kept: string[] = [];
  let refuses = true;
  const keepView: KeepView = async (label) => {
    if (refuses) throw new RelayError('ViewNotKept', 'no');
    kept.push(label);
  };
  const { relay, label } = relayWithView(undefined, events, analysts, {}, keepView);
  expect(await relay.run()).toMatchObject({ left: { seen: 'ViewNotKept' } });
  expect(relay.sinks.seen!.stored.records).toEqual([]);

  refuses = false;
  await relay.sweep();
  expect(relay.delivered('seen')).toEqual(seenNumbers);
  expect(kept).toEqual([label]);
});

test('while S3 refuses, the last resort sends nothing unmasked either', async () => {
  const { relay } = relayWithView(async () => {
    throw new RelayError('ViewKeyMalformed', 'no');
  });
  relay.journal.stored.refuse = () => new Error('S3 refuses');
  await relay.run().catch(() => undefined);

  expect(relay.sinks.seen!.stored.records).toEqual([]);
});

test('a run that is killed at any step with views on loses nothing, and shows nothing unmasked', async () => {
  const effects = killSwitch();
  await relayWithView().relay.run({}, effects);
  expect(effects.effects.length).toBeGreaterThan(10);

  for (const at of effects.effects.keys()) {
    for (const moment of ['before', 'after'] as const) {
      const { relay } = relayWithView();
      const kill = killSwitch(at, moment);
      await Promise.race([relay.run({}, kill), kill.killed]);
      relay.clock.set(relay.clock.now() + 11 * 60_000);
      await relay.run();
      await relay.sweep();
      await relay.sweep();

      const expected = relay.delivered('raw').filter((n) => n % 3 !== 2);
      expect(new Set(relay.delivered('seen'))).toEqual(new Set(expected));
      expect(linesOf(relay, 'seen').join('')).not.toContain('secret');
      for (const line of linesOf(relay, 'seen')) expect(idOf(line)).toBe(keyedIdOf(line));
    }
  }
});

test('an element that is no object is not shown, is counted, and does not hold up the rest', async () => {
  const { relay } = relayWithView(undefined, ['{"n":1,"user_id":"a"}', '"secret-user"', '{"n":2}']);
  const report = await relay.run();

  expect(relay.delivered('seen')).toEqual([1, 2]);
  expect(report).toMatchObject({ record: { complete: true, views: { seen: { events: 3, refused: 1 } } } });
});

test('an event that no record can hold goes to quarantine as it was received', async () => {
  const big = `{"n":1,"activity":"x","user_id":"a","pad":"${'x'.repeat(1_030_000)}"}`;
  const { relay } = relayWithView(undefined, [eventOf(2), big, eventOf(3)]);
  await relay.run();

  expect(relay.delivered('seen')).toEqual([3]);
  const ofSeen = [...relay.journal.stored.quarantine.values()].filter(
    ({ destination }) => destination === 'seen',
  );
  expect(ofSeen.map(({ index, bytes }) => [index, Buffer.from(bytes).toString()])).toEqual([[1, big]]);
});

test('equal views are made once, and their key is read once', async () => {
  let reads = 0;
  const compiled = compileView(analysts);
  const viewOf = createDestinationViews(
    { 'a@1': compiled, 'b@1': compiled },
    {
      readKey: async () => {
        reads += 1;
        return key;
      },
      keepView: async () => undefined,
    },
  );
  const relay = relayUnderTest(events, ['one', 'two'], undefined, (name) => ({
    view: viewOf(name === 'one' ? 'a@1' : 'b@1'),
  }));
  await relay.run();

  expect(reads).toBe(1);
  const bare = (name: string) => linesOf(relay, name).map((line) => line.slice(0, line.indexOf(',"_relay"')));
  expect(bare('one')).toEqual(bare('two'));
  expect([...new Set(linesOf(relay, 'two').map((line) => JSON.parse(line)._relay.view))]).toEqual(['b@1']);
});

test('where members lie is noted for views alone, so that a destination without one costs nothing', async () => {
  const compiled = compileView(analysts);
  const label = viewLabel('analysts', compiled);
  const viewOf = createDestinationViews(
    { [label]: compiled },
    { readKey: async () => key, keepView: async () => undefined },
  );
  const line = createRelayLine('dev');
  const depths: (number | undefined)[] = [];
  const format: LineFormat = {
    begin(cut, facts) {
      depths.push(cut.members?.depth);
      return line.begin(cut, facts);
    },
  };
  const relayOf = (names: readonly string[]) =>
    relayUnderTest(events, names, undefined, (name) =>
      name === 'raw' ? { format } : { view: viewOf(label) },
    );

  await relayOf(['raw']).run();
  expect(new Set(depths)).toEqual(new Set([undefined]));

  // A run cuts once for all of its destinations, a sweep for each.
  depths.length = 0;
  const relay = relayOf(['raw', 'seen']);
  relay.sinks.raw!.stored.answer = () => new SinkRefused('no', { throttled: false, name: 'InternalFailure' });
  await relay.run();
  expect(new Set(depths)).toEqual(new Set([2]));
  depths.length = 0;
  relay.sinks.raw!.stored.answer = () => undefined;
  await relay.sweep();
  expect(new Set(depths)).toEqual(new Set([undefined]));
  expect(relay.delivered('raw')).toEqual([...events.keys()]);
});

test("Splunk's envelope names the view among its fields, and takes no time that the view hides", async () => {
  const view: WrittenView = { members: { timestamp: 'remove' }, key: 'arn:key' };
  const { relay, label } = relayWithView(
    undefined,
    ['{"n":1,"timestamp":"2001-01-01T00:00:00.000Z"}'],
    view,
    {
      format: createSplunkEnvelope('dev', {}),
    },
  );
  await relay.run();

  const [line] = linesOf(relay, 'seen');
  expect(JSON.parse(line!)).toMatchObject({ event: { n: 1 }, fields: { view: label } });
  expect(JSON.parse(line!).time).toBeGreaterThan(1_000_000_000);
});

test('line breaks between tokens are spaces in what is seen', async () => {
  const { relay } = relayWithView(undefined, ['{\n"n":1,\r\n"user_id":1\n}']);
  await relay.run();

  expect(linesOf(relay, 'seen')[0]).toMatch(/^\{ "n":1, {2}"user_id":"p1:[\w-]{22}" ,"_relay"/);
});

function relayWithView(
  readKey: ReadViewKey = async () => key,
  of: readonly string[] = events,
  written = analysts,
  changes: Partial<DeliverySettings> = {},
  keepView: KeepView = async () => undefined,
): { readonly relay: RelayUnderTest; readonly label: string } {
  const compiled = compileView(written);
  const label = viewLabel('analysts', compiled);
  const viewOf = createDestinationViews({ [label]: compiled }, { readKey, keepView });
  const relay = relayUnderTest(of, ['raw', 'seen'], undefined, (name) =>
    name === 'seen' ? { view: viewOf(label), ...changes } : {},
  );
  return { relay, label };
}

function linesOf(relay: RelayUnderTest, name: string): readonly string[] {
  return relay.sinks[name]!.stored.records.flatMap((record) =>
    Buffer.from(record)
      .toString()
      .split('\n')
      .filter((line) => line !== ''),
  );
}

function idOf(line: string): string {
  return JSON.parse(line)._relay.id;
}

function idsOf(relay: RelayUnderTest, name: string): readonly string[] {
  return linesOf(relay, name).map(idOf);
}

function keyedIdOf(line: string): string {
  const raw = eventId('cis', Buffer.from(eventOf(JSON.parse(line).n)));
  return createHmac('sha256', key.secret).update(`id:${raw}`).digest('hex').slice(0, 32);
}
