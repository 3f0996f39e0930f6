import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { eventId } from '../../../../functions/collector/answers/event-id.ts';
import { SinkRefused } from '../../../../functions/collector/protocol/ports/sink.ts';
import {
  createDestinationViews,
  type DestinationView,
} from '../../../../functions/collector/views/destination-view.ts';
import { RelayError } from '../../../../functions/relay-error.ts';
import { compileView, viewLabel } from '../../../../functions/stored/compiled-view.ts';
import { type KillSwitch, killSwitch } from '../protocol/killed.ts';
import { killedAtEachStep, type Program } from '../protocol/killed-program.ts';
import { type RelayUnderTest, relayUnderTest } from '../protocol/relay-under-test.ts';
import { viewKey } from './drawn-views.ts';

const key = viewKey();
const compiled = compileView({
  activities: { drop: ['get_user*'] },
  members: { user_id: 'pseudonym', ip: 'mask' },
  key: 'arn:key',
});
const label = viewLabel('analysts', compiled);
const names = ['raw', 'seen'];
const batchSize = 12;

/** Every third event is one that the view drops. */
const eventOf = (n: number) =>
  `{"n":${n},"activity":"${n % 3 === 2 ? 'get_users' : 'user_login'}","user_id":"secret-${n}","ip":"secret-ip-${n}"}`;
const events = Array.from({ length: 30 }, (_, n) => eventOf(n));
const shown = [...events.keys()].filter((n) => n % 3 !== 2);

/** Every outside effect, the reading of the key and the keeping of the view among them, is where a process dies. */
const programs: readonly Program[] = [
  { name: 'a run', prepare: async () => relayWithView(), go: runAnew },
  { name: 'a sweep', prepare: () => afterRefusals(), go: sweepAnew },
  { name: 'a sweep after a key that nobody could read', prepare: () => afterUnreadableKey(), go: sweepAnew },
];

test.each(programs)(
  '$name is killed at any step: all that was journaled arrives, and nothing is shown unmasked',
  async (program) => {
    const effects = new Set<string>();
    for await (const { relay, effect, where } of killedAtEachStep(program)) {
      effects.add(effect);
      startProcess(relay, killSwitch());
      for (let tick = 0; tick < 4; tick++) {
        await relay.sweep(names);
        await relay.run({ batchSize });
      }

      const raw = new Set(relay.delivered('raw'));
      if (program.name !== 'a run') expect([where, raw.size]).toEqual([where, events.length]);
      const seen = linesOf(relay);
      expect([where, [...new Set(seen.map(({ n }) => n))].toSorted((one, other) => one - other)]).toEqual([
        where,
        shown.filter((n) => raw.has(n)),
      ]);
      expect([where, JSON.stringify(seen)]).toEqual([where, expect.not.stringContaining('secret')]);
      for (const { n, _relay } of seen) expect([where, _relay.id]).toEqual([where, keyedId(n)]);
      expect([where, relay.state.stored.open.size]).toEqual([where, 0]);
    }
    for (const effect of ['views.readKey', 'views.keepView', 'sink.put'])
      expect([...effects].find((each) => each.includes(effect.split('.')[1]!)) ?? `no ${effect}`).not.toBe(
        `no ${effect}`,
      );
  },
);

const views = new WeakMap<RelayUnderTest, { view: DestinationView }>();

function relayWithView(): RelayUnderTest {
  const cell: { view: DestinationView } = { view: viewOf(killSwitch(), async () => key) };
  const relay = relayUnderTest(events, names, undefined, (name) =>
    name === 'seen' ? { view: { label, see: (...of) => cell.view.see(...of) } } : {},
  );
  views.set(relay, cell);
  return relay;
}

/** A process of its own has read no key yet. */
function startProcess(relay: RelayUnderTest, kill: KillSwitch, readKey = async () => key): void {
  views.get(relay)!.view = viewOf(kill, readKey);
}

function viewOf(kill: KillSwitch, readKey: () => Promise<typeof key>): DestinationView {
  const port = kill.wrap('views', { readKey, keepView: async () => undefined });
  return createDestinationViews({ [label]: compiled }, port)(label);
}

function runAnew(relay: RelayUnderTest, kill: KillSwitch): Promise<unknown> {
  startProcess(relay, kill);
  return relay.run({ batchSize }, kill);
}

function sweepAnew(relay: RelayUnderTest, kill: KillSwitch): Promise<unknown> {
  startProcess(relay, kill);
  return relay.sweep(names, kill);
}

async function afterRefusals(): Promise<RelayUnderTest> {
  const relay = relayWithView();
  for (const sink of Object.values(relay.sinks))
    sink.stored.answer = () => new SinkRefused('no', { throttled: false, name: 'InternalFailure' });
  await relay.run({ batchSize });
  for (const sink of Object.values(relay.sinks)) sink.stored.answer = () => undefined;
  return relay;
}

async function afterUnreadableKey(): Promise<RelayUnderTest> {
  const relay = relayWithView();
  startProcess(relay, killSwitch(), async () => {
    throw new RelayError('ViewKeyUnreadable', 'no');
  });
  await relay.run({ batchSize });
  expect(relay.delivered('seen')).toEqual([]);
  return relay;
}

function linesOf(
  relay: RelayUnderTest,
): readonly { readonly n: number; readonly _relay: { readonly id: string } }[] {
  return relay.sinks.seen!.stored.records.flatMap((record) =>
    Buffer.from(record)
      .toString()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line)),
  );
}

function keyedId(n: number): string {
  const raw = eventId('cis', Buffer.from(eventOf(n)));
  return createHmac('sha256', key.secret).update(`id:${raw}`).digest('hex').slice(0, 32);
}
