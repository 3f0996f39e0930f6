import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { SwitchName } from '@mosaic-relay/mosaic-simulator';
import { expect, test } from 'vitest';
import { systemClock } from '../../functions/collector/adapters/system-clock.ts';
import type { CollectOutcome } from '../../functions/mosaic/collect-outcome.ts';
import type { QuarantineReason } from '../../functions/stored/quarantine-entry.ts';
import { leftNothing } from '../../functions/stored/run-item.ts';
import { relayUnderTest } from '../functions/collector/protocol/relay-under-test.ts';
import { openSource } from '../functions/mosaic/open-source.ts';
import { startMosaic } from '../functions/mosaic/start-mosaic.ts';

const events = 300;
const batchSize = 20;
const mebibyte = 1024 * 1024;

/** The collector's own client and core against the simulator, run after run until nothing waits in Mosaic. */
async function collectEverything(switches: readonly SwitchName[], wireCapBytes = 64 * mebibyte) {
  const { simulator } = await startMosaic({ switches });
  const source = await openSource(simulator, { wireCapBytes });
  let aheadMs = 0;
  const relay = relayUnderTest([], ['s3', 'splunk'], {
    ...systemClock,
    now: () => systemClock.now() + aheadMs,
    // Pauses are shortened; limits, which are longer, are not.
    sleep: (ms, signal) => systemClock.sleep(ms < 10_000 ? Math.min(ms, 20) : ms, signal),
    set: (time) => {
      aheadMs = time - systemClock.now();
    },
  });
  const collects: { readonly asked: number; readonly outcome: CollectOutcome }[] = [];
  relay.source.collect = async (request) => {
    const outcome = await source.collect(request);
    collects.push({ asked: request.batchSize, outcome });
    return outcome;
  };
  simulator.generate('cis', events);
  let possibleLoss = 0;
  let failedRuns = 0;
  for (let drained = false; !drained; ) {
    const report = await relay.run({ batchSize });
    if (report.kind !== 'ended') throw new Error(`the run was an ${report.kind}`);
    possibleLoss += report.counters.possibleLoss;
    drained = leftNothing(report.record.outcome);
    if (!drained) failedRuns += 1;
    // What failed lowers what is asked for, for an hour.
    if (!drained) relay.clock.set(relay.clock.now() + 3_600_001);
    if (failedRuns > 60) throw new Error(`60 runs failed, the last with ${report.error?.message}`);
  }
  const quarantine = [...relay.journal.stored.quarantine.values()];
  const delivered = (name: string) =>
    new Set(relay.sinks[name]!.stored.records.flatMap((record) => eventsIn(record)));
  return {
    relay,
    collects,
    quarantine,
    delivered,
    possibleLoss,
    /** Of each event its bytes and what Mosaic did with it. */
    raised: [...simulator.ledger('relay')].map(({ fate, call, bytes }) => ({
      fate,
      call,
      text: Buffer.from(bytes).toString(),
    })),
  };
}

/** The events of a record as they were sent, those without an event's own closing bracket aside. */
function eventsIn(record: Uint8Array): string[] {
  const lines = Buffer.from(record).toString().split('\n').slice(0, -1);
  return lines.map((line) => `${line.slice(0, line.lastIndexOf(',"_relay":'))}}`);
}

function unpacked({ bytes, encoding }: { readonly bytes: Uint8Array; readonly encoding: string }): string {
  const unpack = { gzip: gunzipSync, zstd: zstdDecompressSync }[encoding];
  return Buffer.from(unpack === undefined ? bytes : unpack(bytes)).toString();
}

/** What the collector makes of each. */
const reactions: readonly (readonly [SwitchName, QuarantineReason | 'possible loss' | 'delivery'])[] = [
  ['cut-off', 'cut-off'],
  ['truncated-array', 'invalid-json'],
  ['wrapped', 'not-an-array'],
  ['invalid-utf8', 'invalid-json'],
  ['nul-bytes', 'invalid-json'],
  ['deep-nesting', 'delivery'],
  ['huge-body', 'event-above-record-limit'],
  ['header-flood', 'possible loss'],
  ['gzip-bomb', 'above-decompressed-cap'],
  ['numbers', 'delivery'],
  ['number-flood', 'above-event-cap'],
  ['null-body', 'not-an-array'],
  ['html-201', 'invalid-json'],
  ['huge-token', 'delivery'],
];

test.each(reactions)(
  '%s ends in %s, and every event is delivered, quarantined or counted',
  async (name, end) => {
    const { raised, delivered, quarantine, possibleLoss, relay } = await collectEverything([name]);

    const reasons = new Set<string>(quarantine.map(({ reason }) => reason));
    expect([...reasons]).toEqual(end === 'delivery' || end === 'possible loss' ? [] : [end]);
    if (end === 'possible loss') expect(possibleLoss).toBeGreaterThan(0);
    for (const destination of ['s3', 'splunk']) {
      const arrived = delivered(destination);
      const lacking = raised.filter(({ text }) => !arrived.has(text));
      expect(lacking.filter(({ fate }) => fate === 'answered')).toEqual([]);
      // No half of an answer is delivered.
      expect(raised.filter(({ text, fate }) => fate !== 'answered' && arrived.has(text))).toEqual([]);
    }
    const lostCalls = new Set(raised.filter(({ fate }) => fate === 'lost').map(({ call }) => call));
    expect(possibleLoss).toBeGreaterThanOrEqual(lostCalls.size);
    if (end === 'not-an-array' || (end === 'invalid-json' && name !== 'truncated-array')) {
      const aside = quarantine.map(unpacked).join('\n');
      expect(raised.filter(({ fate, text }) => fate === 'damaged' && !aside.includes(text))).toEqual([]);
    }
    expect(relay.state.stored.open.size).toBe(0);
  },
);

test('a run under all faults at once comes to an end as well', async () => {
  const { raised, delivered } = await collectEverything(
    reactions.map(([name]) => name).filter((name) => name !== 'huge-body'),
  );

  const arrived = delivered('s3');
  expect(raised.filter(({ fate, text }) => fate === 'answered' && !arrived.has(text))).toEqual([]);
});

test('what is above the wire cap is given up, counted, and followed by a cautious run', async () => {
  const { raised, delivered, collects, quarantine, possibleLoss, relay } = await collectEverything(
    ['huge-body'],
    8 * mebibyte,
  );

  const above = collects.filter(({ outcome }) => 'reason' in outcome && outcome.reason === 'above-wire-cap');
  expect(above.length).toBeGreaterThan(0);
  expect(possibleLoss).toBe(above.length);
  expect(quarantine).toEqual([]);
  for (const one of above)
    expect(collects[collects.indexOf(one) + 1]?.asked).toBe(
      Math.min(10, Math.max(1, Math.floor(one.asked / 2))),
    );
  expect(relay.journal.stored.probes).toBe(above.length);
  const arrived = delivered('s3');
  const lost = raised.filter(({ text }) => !arrived.has(text));
  expect(lost.length).toBeGreaterThan(0);
  expect(new Set(lost.map(({ call }) => call)).size).toBeLessThanOrEqual(above.length);
});
