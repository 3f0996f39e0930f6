import { streamsOf } from '../access/deployed-relay.ts';
import { explainingFailure } from '../access/explain-failure.ts';
import { openRelay, relayFlags } from '../access/open-relay.ts';
import type { Flags } from '../arguments/flag.ts';
import { between, moment } from '../arguments/forms.ts';
import { CommandError, defineCommand } from '../command.ts';
import { type LateEvidence, type StreamEvidence, verifyStream } from '../evidence/verify.ts';

const flags = {
  from: { value: 'TIME', form: moment, required: true, text: 'events that were collected from this time on' },
  to: { value: 'TIME', form: moment, required: true, text: 'events that were collected before this time' },
  stream: { value: 'ID', text: "only this stream, by its name in the settings or by Mosaic's id" },
  json: { text: 'print the report as one object' },
  ...relayFlags,
} as const satisfies Flags;

export const command = defineCommand({
  name: 'relay verify',
  synopsis: ['--from TIME --to TIME [options]'],
  about: `Compares the journal with the objects of S3 and GCS destinations, event by event and byte by byte, as evidence for an
auditor. Other destinations cannot be read from here; the report names them, and the events that were late for those of
them whose receiver has a limit of age.

A line that a view made is made again from the journal and the view that the line names, with the key that it names, which is
read with the caller's own rights: a secret holds the key of today and the one before its last rotation. Where the key may not be read, or the
secret no longer holds it, such lines are counted and not compared, and a line says so. A line of a view that is not kept is compared by its id. An event that the view leaves out is not missing.

For GCS, Google credentials are needed: gcloud auth application-default login, or CLOUDSDK_AUTH_ACCESS_TOKEN.`,
  flags,
  exitCodes: `0 every event is there, 1 events are missing or a destination in S3 or GCS could not be read, 2 wrong use or
nothing to compare`,
  examples: [
    'relay verify --stage prod --from 2026-03-01 --to 2026-03-02 --json > evidence.json',
    'relay verify --local --from -24h --to -1m',
  ],
  details: `Events that were collected before a destination was added are not owed to it, and are no gap.`,

  async run(given, terminal) {
    const relay = await openRelay(given);
    try {
      const now = relay.now();
      const range = between(given.from, given.to, now);
      const streams = streamsOf(relay, given.stream);
      const evidence: StreamEvidence[] = [];
      for (const stream of streams) {
        if (terminal.interrupted.aborted) throw new CommandError('interrupted', 130);
        const looked = { sought: `what ${stream.label} has delivered`, where: relay.place };
        evidence.push(await explainingFailure(looked, () => verifyStream(relay, stream, { range })));
      }
      if (evidence.every(hasNothingToCompare)) {
        throw new CommandError(`${relay.place} has no S3 or GCS destination there to compare with`);
      }
      const complete = evidence.every(isComplete);
      const times = { from: iso(range.from), to: iso(range.to), checkedAt: iso(now) };
      terminal.out(
        given.json
          ? JSON.stringify({ place: relay.place, ...times, complete, streams: evidence })
          : [
              `${relay.place}, collected from ${times.from} to ${times.to}, checked at ${times.checkedAt}`,
              ...evidence.flatMap(describe),
              complete ? 'Complete.' : 'There is a gap, or something could not be compared.',
            ].join('\n'),
      );
      return complete ? 0 : 1;
    } finally {
      relay.close();
    }
  },
});

function iso(time: number): string {
  return new Date(time).toISOString();
}

function hasNothingToCompare({ destinations, notReadable }: StreamEvidence): boolean {
  return destinations.length === 0 && notReadable.every(({ reason }) => reason === undefined);
}

function isComplete({ journal, destinations, notReadable }: StreamEvidence): boolean {
  return (
    journal.damagedBatches === 0 &&
    destinations.every(
      ({ missing, altered, notCompared, otherKey }) =>
        missing === 0 && altered === 0 && notCompared === 0 && otherKey === 0,
    ) &&
    notReadable.every(({ reason }) => reason === undefined)
  );
}

function describe(evidence: StreamEvidence): string[] {
  const { stream, journal, destinations, notReadable, unusableKeys = [], late = [] } = evidence;
  const number = (value: number) => value.toLocaleString('en');
  const repeated = journal.events - journal.distinct;
  const lines = [
    `${stream}: the journal holds ${number(journal.distinct)} events in ${number(journal.batches)} batches` +
      `${repeated === 0 ? '' : `, and ${number(repeated)} repeated by the source`}` +
      `${journal.damagedBatches === 0 ? '' : `; ${number(journal.damagedBatches)} batches are no events, see quarantine`}` +
      `${journal.erasedBatches === undefined ? '' : `; an operator erased ${number(journal.erasedBatches)} batches that the journal no longer has, and their other events cannot be compared`}`,
  ];
  for (const one of destinations) {
    const reasons = [
      [one.gone, 'accepted by Firehose and not there'],
      [one.waiting, 'waiting for the sweep'],
      [one.quarantined, 'in quarantine'],
      [one.unknown, 'of runs that the table has forgotten: the audit or a replay brings them'],
      [one.unnamed, 'not there, and the key of the view alone tells which'],
      [one.underWay, 'perhaps still in Firehose: look again in half an hour'],
    ] as const;
    const missing = reasons.filter(([count]) => count > 0).map(([count, why]) => `${number(count)} ${why}`);
    const rest = [
      [one.altered, 'altered'],
      [one.notCompared, 'not compared, since the key of their view cannot be used'],
      [one.otherKey, 'not compared, since they were made with a key that its secret no longer holds'],
      [one.comparedById, 'compared by their ids alone, since their view is not kept'],
      [one.leftOut, 'left out by its view'],
      [one.duplicates, 'further copies'],
      [one.notJournaled, 'not in the journal'],
      [one.notOwed, 'not owed to it: collected before it was added'],
    ] as const;
    const notes = rest.filter(([count]) => count > 0).map(([count, what]) => `, ${number(count)} ${what}`);
    lines.push(
      `  ${one.name} (${one.place}): holds ${number(one.held)}, lacks ${number(one.missing)}${notes.join('')}`,
      ...missing.map((reason) => `    missing: ${reason}`),
      ...one.missingEvents.map(({ eventId, why, key }) => `      ${eventId} ${why} ${key}`),
    );
  }
  lines.push(...unusableKeys.map((problem) => `  ${problem}`));
  for (const { name, reason } of notReadable) {
    lines.push(`  ${name}: ${reason ?? 'not readable from here, by its kind'}`);
  }
  return [...lines, ...late.flatMap(describeLate)];
}

function describeLate(evidence: LateEvidence): string[] {
  const { name, late, mayBeLate, treatment, lateEvents, mayBeLateEvents } = evidence;
  const certain = [
    `  ${name}: ${late.toLocaleString('en')} late for its receiver, ${treatments[treatment]}`,
    ...lateEvents.map(({ eventId, key }) => `      ${eventId} late ${key}`),
  ];
  const uncertain = [
    `  ${name}: ${mayBeLate.toLocaleString('en')} may be late: they became too old about when they were delivered`,
    ...mayBeLateEvents.map(({ eventId, key }) => `      ${eventId} may be late ${key}`),
  ];
  return [...(late === 0 ? [] : certain), ...(mayBeLate === 0 ? [] : uncertain)];
}

const treatments = {
  'held-back': 'and not sent',
  refused: 'which refuses what is so old or so new',
  dropped: 'which drops what is so old or so new',
  're-dated': 'which keeps them under the time of their arrival',
} as const;
