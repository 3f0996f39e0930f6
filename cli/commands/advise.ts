import { memoryFor } from '../../infra/config/answer-caps.ts';
import { type DeployedStream, streamsOf } from '../access/deployed-relay.ts';
import { explainingFailure } from '../access/explain-failure.ts';
import { openRelay, relayFlags, stateOf } from '../access/open-relay.ts';
import { describedStream, eventSize } from '../advise/described-stream.ts';
import { observe } from '../advise/observed.ts';
import { plannedDestinations } from '../advise/planned-destinations.ts';
import { type AdvisedStream, adviceJson, adviceText } from '../advise/show-advice.ts';
import type { Plan } from '../advise/workload.ts';
import type { Flags, Values } from '../arguments/flag.ts';
import { decimal, moment, wholeNumber } from '../arguments/forms.ts';
import { CommandError, defineCommand, type Terminal } from '../command.ts';

const flags = {
  stream: {
    value: 'ID',
    text: "only this stream, by its name in the settings or by Mosaic's id; every stream by default",
  },
  from: {
    value: 'TIME',
    form: moment,
    default: '-7d',
    text: 'the history begins with runs that started at this time',
  },
  freshness: {
    value: 'SECONDS',
    form: wholeNumber({
      from: 61,
      to: 604_800,
      why: 'no schedule is sooner than a minute, and its run comes on top',
    }),
    default: '600',
    text: 'seconds within which Firehose shall have an event',
  },
  rate: {
    value: 'N',
    not: ['stream', 'from', 'stage', 'region', 'settings', 'local', 'out'],
    text: 'events per second, above 0: advice without a history, which needs no stage',
  },
  'event-size': {
    value: 'BYTES',
    form: eventSize,
    default: '1024',
    with: ['rate'],
    text: 'with --rate: bytes of an event',
  },
  every: {
    value: 'MINUTES',
    form: wholeNumber({ from: 1, to: 1_440 }),
    default: '5',
    with: ['rate'],
    text: 'with --rate: the present schedule',
  },
  'batch-size': {
    value: 'N',
    form: wholeNumber({ from: 1, to: 1_000 }),
    default: '1000',
    with: ['rate'],
    text: 'with --rate: events that a collect asks for',
  },
  memory: {
    value: 'MB',
    form: wholeNumber({ from: 256, to: 10_240 }),
    default: '512',
    with: ['rate'],
    text: "with --rate: the function's memory",
  },
  quota: {
    value: 'MIB',
    form: decimal({ above: 0, upTo: 1_024, unit: 'MiB a second' }),
    default: '1',
    with: ['rate'],
    text: "with --rate: MiB a second that the delivery stream takes; Firehose's default is 5 in us-east-1, us-west-2 and eu-west-1, and 1 elsewhere",
  },
  plain: { with: ['rate'], text: 'with --rate: S3 with compressRecords: false' },
  json: { text: 'print one object per stream and line' },
  ...relayFlags,
} as const satisfies Flags;

export const command = defineCommand({
  name: 'relay advise',
  synopsis: [
    '[--stream ID] [--freshness SECONDS] [options]',
    '--rate N --event-size BYTES [--freshness SECONDS] [options]',
  ],
  about: `Gives what a stream costs a month, how soon its events are in Firehose, the rates at which one reader and the quota of
a delivery stream end, and the settings that save more than a dollar a month: by the history of its runs or, with
--rate, without a call. A warning says what to do from half of a limit on. A run is planned to end within half of its
interval and of its timeout.`,
  flags,
  exitCodes: '0 done, 1 no advice for some stream, 2 wrong use or nothing to work on',
  examples: [
    'relay advise --stage prod --stream cis --freshness 300',
    'relay advise --rate 50 --event-size 1024',
    'relay advise --rate 50 --plain',
  ],

  async run(given, terminal) {
    const { rate } = given;
    if (rate === undefined) return adviseOnDeployed(given, terminal);
    show(describedStream({ ...given, rate }), given, terminal);
    return 0;
  },
});

type Given = Values<typeof flags>;

function show(subject: AdvisedStream, { json }: Given, terminal: Terminal): void {
  terminal.out(json ? JSON.stringify(adviceJson(subject)) : adviceText(subject, terminal.columns));
}

async function adviseOnDeployed(given: Given, terminal: Terminal): Promise<number> {
  const relay = await openRelay(given);
  try {
    const streams = streamsOf(relay, given.stream);
    if (streams.length === 0) throw new CommandError(`${relay.place} has no stream to advise on`);
    const from = given.from.at(relay.now());
    let unadvised = 0;
    for (const stream of streams) {
      const looked = { sought: `runs of stream ${stream.label}`, where: relay.place };
      const records = await explainingFailure(looked, () =>
        stateOf(relay, stream).records.listRecords({ from, to: relay.now() + 60_000 }),
      );
      const observed = observe(records);
      if ('missing' in observed) {
        unadvised += 1;
        terminal.problem(`relay advise: stream ${stream.label}: ${observed.missing}. ${stillTold(stream)}`);
        continue;
      }
      const { load, timing, answers } = observed;
      const basis = `by ${observed.runs} runs, ${observed.outOfTime} of which ran out of time`;
      const described = await explainingFailure(
        { sought: `delivery streams of ${stream.label}`, where: relay.place },
        () => plannedDestinations(stream.destinations, relay.clients),
      );
      const present = planOf(stream, observed.everySeconds, described);
      const title = `${stream.label} of ${relay.place}`;
      show(
        {
          title,
          basis,
          load,
          timing,
          present,
          freshnessSeconds: given.freshness,
          answers,
          ...(relay.costAtRest === undefined ? {} : { stageAtRest: relay.costAtRest }),
        },
        given,
        terminal,
      );
    }
    return unadvised === 0 ? 0 : 1;
  } finally {
    relay.close();
  }
}

/** The advice that needs no history. */
function stillTold({ settings, destinations, memoryMb }: DeployedStream): string {
  const quotas = destinations.map((each) => `${each.quotaMiBPerSecond} MiB/s to ${each.name}`);
  return (
    `It asks for ${settings.batchSize} events a batch, has ${memoryMb} MB and may put ${quotas.join(' and ') || 'nothing'}; ` +
    'for the rest, let it run, look further back with --from, or give --rate and --event-size.'
  );
}

function planOf(
  { settings, memoryMb }: DeployedStream,
  everySeconds: number,
  destinations: Plan['destinations'],
): Plan {
  return {
    everySeconds,
    batchSize: settings.batchSize,
    memoryMb,
    leastMemoryMb: memoryFor(Math.max(settings.wireCapMiB, settings.decompressedCapMiB), settings),
    timeoutSeconds: settings.timeout,
    destinations,
  };
}
