import type { RunRecord } from '../../functions/stored/run-item.ts';
import { leftNothing } from '../../functions/stored/run-item.ts';
import { type DeployedRelay, type DeployedStream, streamOf } from '../access/deployed-relay.ts';
import { explainingFailure } from '../access/explain-failure.ts';
import { openRelay, relayFlags, stateOf, streamFlag } from '../access/open-relay.ts';
import type { Flags } from '../arguments/flag.ts';
import { between, type Moment, moment, wholeNumber } from '../arguments/forms.ts';
import { defineCommand, type Terminal } from '../command.ts';
import { sparkline, stretches } from '../runs/sparkline.ts';
import { count, dateText, durationText, type Paint, painter, plural, table } from '../text.ts';

const flags = {
  stream: { ...streamFlag, required: true },
  from: { value: 'TIME', form: moment, default: '-1d', text: 'runs that started from this time on' },
  to: { value: 'TIME', form: moment, text: 'runs that started before this time; now by default' },
  limit: { value: 'N', form: wholeNumber({ from: 1, to: 10_000 }), default: '20', text: 'rows of the table' },
  json: { text: 'print every run of the range as one object per line, oldest first' },
  ...relayFlags,
} as const satisfies Flags;

export const command = defineCommand({
  name: 'relay runs',
  synopsis: ['--stream ID [--from TIME] [--to TIME] [options]'],
  about: `The runs of one stream, newest first, as a table, and the events of the whole range as a sparkline. The column
ANSWERS counts full, short and empty answers of Mosaic. Where all are full, the batch size or the schedule is the
limit.`,
  flags,
  exitCodes: '0 done, 2 wrong use or nothing to work on',
  examples: ['relay runs --stage prod --stream cis --from -7d --limit 50'],

  async run(given, terminal) {
    const relay = await openRelay(given);
    try {
      const stream = streamOf(relay, given.stream);
      const looked = { sought: `runs of stream ${stream.label}`, where: relay.place };
      const range = between(given.from, given.to ?? inAMinute, relay.now());
      const records = await explainingFailure(looked, () =>
        stateOf(relay, stream).records.listRecords(range),
      );
      if (given.json) for (const record of records) terminal.out(JSON.stringify(record));
      else show({ stream, relay, records, range, limit: given.limit, terminal });
      return 0;
    } finally {
      relay.close();
    }
  },
});

/** The end of the range by default: a run may have begun after the local run wrote down its clock. */
const inAMinute: Moment = { text: 'now', at: (now) => now + 60_000 };

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
  const where = `${stream.label} of ${relay.place}`;
  if (records.length === 0) {
    terminal.out(`no runs of ${where} between ${dateText(range.from)} and ${dateText(range.to)}`);
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
      `${plural(events, 'event')} in ${plural(records.length, 'run')} from ${dateText(range.from)} to ${dateText(range.to)}` +
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
  const { outcome, code, fullAnswers, shortAnswers, emptyAnswers, lost, possibleLoss } = record;
  const text = [
    code === undefined ? outcome : `${outcome} (${code})`,
    ...(lost > 0 ? [`${plural(lost, 'batch', 'batches')} lost`] : []),
    ...(possibleLoss > 0 ? [`${plural(possibleLoss, 'batch', 'batches')} possibly lost`] : []),
  ].join(', ');
  return [
    dateText(record.startedAt),
    paint(text, colourOf(record)),
    count(record.events),
    count(record.batches),
    // Full answers alone mean that the batch size or the schedule is the limit.
    `${fullAnswers}/${shortAnswers}/${emptyAnswers}`,
    durationText(record.endedAt - record.startedAt),
    durationText(record.collectMs),
    durationText(record.journalMs),
    durationText(record.deliverMs),
    record.run.slice(0, 8),
  ];
}

function colourOf({ outcome, lost, possibleLoss }: RunRecord): 'red' | 'yellow' | 'green' {
  if (outcome === 'failed' || lost > 0) return 'red';
  return leftNothing(outcome) && possibleLoss === 0 ? 'green' : 'yellow';
}
