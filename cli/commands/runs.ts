import type { RunRecord } from '../../functions/stored/run-item.ts';
import { leftNothing } from '../../functions/stored/run-item.ts';
import { type DeployedRelay, type DeployedStream, streamOf } from '../access/deployed-relay.ts';
import { foreseen } from '../access/foreseen.ts';
import { openRelay, relayFlags, relayFlagsUsage, stateOf } from '../access/open-relay.ts';
import { type Command, CommandError, type Terminal } from '../command.ts';
import { readArguments, moment as readMoment, wholeNumber } from '../read-arguments.ts';
import { sparkline, stretches } from '../runs/sparkline.ts';
import { count, moment, type Paint, painter, plural, span, table } from '../text.ts';

const flags = {
  ...relayFlags,
  stream: { value: 'ID' },
  from: { value: 'TIME' },
  to: { value: 'TIME' },
  limit: { value: 'N' },
  json: {},
} as const;

export const command: Command = {
  usage: `Usage: relay runs --stream ID [--from TIME] [--to TIME] [options]

The runs of one stream, newest first, as a table, and the events of the whole range as a sparkline.

  --stream ID       the stream, by its name in the settings or Mosaic's id
  --from, --to TIME by start of the run: ISO 8601, or so long ago, as -2h, -7d; the last 24 hours by default
  --limit N         rows of the table (20)
  --json            every run of the range as one object per line on stdout, oldest first
${relayFlagsUsage}

Exit codes: 0 done, 2 wrong use or nothing to work on.

Example: relay runs --stage prod --stream cis --from -7d --limit 50`,

  async run(args, terminal) {
    const given = readArguments(args, flags);
    if (given.stream === undefined) throw new CommandError('--stream ID is needed; --help tells more');
    const limit = wholeNumber('limit', given.limit ?? '20', { from: 1, to: 10_000 });
    const relay = await openRelay(given);
    try {
      const stream = streamOf(relay, given.stream);
      // A run may have begun since the time was told.
      const latest = relay.now() + 60_000;
      const to = given.to === undefined ? latest : readMoment('to', given.to, relay.now());
      const from = readMoment('from', given.from ?? '-1d', relay.now());
      if (from >= to) throw new CommandError('--from must lie before --to');
      const looked = { sought: `runs of stream ${stream.name}`, where: relay.place };
      const range = { from, to };
      const records = await foreseen(looked, () => stateOf(relay, stream).listRecords(range));
      if (given.json) for (const record of records) terminal.out(JSON.stringify(record));
      else show({ stream, relay, records, range, limit, terminal });
      return 0;
    } finally {
      relay.close();
    }
  },
};

interface History {
  readonly stream: DeployedStream;
  readonly relay: DeployedRelay;
  readonly records: readonly RunRecord[];
  readonly range: { readonly from: number; readonly to: number };
  readonly limit: number;
  readonly terminal: Terminal;
}

function show({ stream, relay, records, range, limit, terminal }: History): void {
  const paint = painter(terminal.isTerminal);
  const where = `${stream.name} of ${relay.place}`;
  if (records.length === 0) {
    terminal.out(`no runs of ${where} between ${moment(range.from)} and ${moment(range.to)}`);
    return;
  }
  const shown = records.slice(-limit).toReversed();
  const columns = Math.min(60, terminal.columns);
  const values = records.map(({ startedAt, events }) => ({ time: startedAt, value: events }));
  const events = records.reduce((sum, record) => sum + record.events, 0);
  const failed = records.filter(({ outcome }) => outcome === 'failed').length;
  terminal.out(
    [
      table([head.map((title) => paint(title, 'bold')), ...shown.map((record) => row(record, paint))]),
      '',
      `${sparkline(stretches(values, { ...range, columns }))}`,
      `${plural(events, 'event')} in ${plural(records.length, 'run')} from ${moment(range.from)} to ${moment(range.to)}` +
        `${failed > 0 ? paint(`, ${plural(failed, 'run')} failed`, 'red') : ''}` +
        `${shown.length < records.length ? `; the newest ${count(shown.length)} are shown` : ''}`,
    ].join('\n'),
  );
}

const head = [
  'STARTED',
  'OUTCOME',
  'EVENTS',
  'BATCHES',
  'ANSWERS',
  'TOOK',
  'COLLECT',
  'JOURNAL',
  'DELIVER',
  'RUN',
];

function row(record: RunRecord, paint: Paint): string[] {
  const { outcome, code, fullAnswers, shortAnswers, emptyAnswers, lost } = record;
  const text = code === undefined ? outcome : `${outcome} (${code})`;
  return [
    moment(record.startedAt),
    paint(lost > 0 ? `${text}, ${plural(lost, 'batch', 'batches')} lost` : text, colourOf(record)),
    count(record.events),
    count(record.batches),
    // Full, short and empty answers: what tells whether the batch size or the schedule binds.
    `${fullAnswers}/${shortAnswers}/${emptyAnswers}`,
    span(record.endedAt - record.startedAt),
    span(record.collectMs),
    span(record.journalMs),
    span(record.deliverMs),
    record.run.slice(0, 8),
  ];
}

function colourOf({ outcome, lost }: RunRecord): 'red' | 'yellow' | 'green' {
  if (outcome === 'failed' || lost > 0) return 'red';
  return leftNothing(outcome) ? 'green' : 'yellow';
}
