import { streamOf } from '../access/deployed-relay.ts';
import { foreseen } from '../access/foreseen.ts';
import { openRelay, relayFlags, relayFlagsUsage } from '../access/open-relay.ts';
import { type Command, CommandError } from '../command.ts';
import { type StreamEvidence, verifyStream } from '../evidence/verify.ts';
import { checkTimes, moment, readArguments } from '../read-arguments.ts';

const flags = {
  ...relayFlags,
  stream: { value: 'ID' },
  from: { value: 'TIME' },
  to: { value: 'TIME' },
  json: {},
} as const;

export const command: Command = {
  usage: `Usage: relay verify --from TIME --to TIME [options]

Compares what the journal holds with what S3 and GCS destinations hold, event by event and byte by byte, as evidence
for an auditor. Other destinations cannot be read from here, and are named.

  --from, --to TIME by time of collection: ISO 8601, or so long ago, as -2h, -30m, -7d
  --stream ID       only this one, by its name in the settings or Mosaic's id
  --json            the report as one object
${relayFlagsUsage}

For GCS, Google credentials are needed: gcloud auth application-default login, or CLOUDSDK_AUTH_ACCESS_TOKEN.

Exit codes: 0 everything is there, 1 there is a gap, or an S3 or GCS destination could not be
read, 2 wrong use or nothing to compare.

Example: relay verify --stage prod --from 2026-03-01 --to 2026-03-02 --json > evidence.json`,

  async run(args, terminal) {
    const given = readArguments(args, flags);
    if (given.from === undefined || given.to === undefined) {
      throw new CommandError('--from TIME and --to TIME are needed; --help tells more');
    }
    checkTimes(given);
    const relay = await openRelay(given);
    try {
      const now = relay.now();
      const range = { from: moment('from', given.from, now), to: moment('to', given.to, now) };
      if (range.from >= range.to)
        throw new CommandError(`--from ${given.from} is not before --to ${given.to}`);
      const streams = given.stream === undefined ? relay.streams : [streamOf(relay, given.stream)];
      const evidence: StreamEvidence[] = [];
      for (const stream of streams) {
        if (terminal.interrupted.aborted) throw new CommandError('interrupted', 130);
        const looked = { sought: `what ${stream.name} has delivered`, where: relay.place };
        evidence.push(await foreseen(looked, () => verifyStream(relay, stream, { range })));
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
};

function iso(time: number): string {
  return new Date(time).toISOString();
}

function hasNothingToCompare({ destinations, notReadable }: StreamEvidence): boolean {
  return destinations.length === 0 && notReadable.every(({ reason }) => reason === undefined);
}

function isComplete({ journal, destinations, notReadable }: StreamEvidence): boolean {
  return (
    journal.damagedBatches === 0 &&
    destinations.every(({ missing, altered }) => missing === 0 && altered === 0) &&
    notReadable.every(({ reason }) => reason === undefined)
  );
}

function describe({ stream, journal, destinations, notReadable }: StreamEvidence): string[] {
  const number = (value: number) => value.toLocaleString('en');
  const repeated = journal.events - journal.distinct;
  const lines = [
    `${stream}: the journal holds ${number(journal.distinct)} events in ${number(journal.batches)} batches` +
      `${repeated === 0 ? '' : `, and ${number(repeated)} repeated by the source`}` +
      `${journal.damagedBatches === 0 ? '' : `; ${number(journal.damagedBatches)} batches are no events, see quarantine`}`,
  ];
  for (const one of destinations) {
    const reasons = [
      [one.gone, 'accepted by Firehose and not there'],
      [one.waiting, 'waiting for the sweep'],
      [one.quarantined, 'in quarantine'],
      [one.unknown, 'of runs that the table has forgotten: the audit or a replay brings them'],
      [one.underWay, 'perhaps still in Firehose: look again in half an hour'],
    ] as const;
    const missing = reasons.filter(([count]) => count > 0).map(([count, why]) => `${number(count)} ${why}`);
    const rest = [
      [one.altered, 'altered'],
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
  for (const { name, reason } of notReadable) {
    lines.push(`  ${name}: ${reason ?? 'not readable from here, by its kind'}`);
  }
  return lines;
}
