import { memoryFor } from '../../infra/config/answer-caps.ts';
import { type DeployedDestination, type DeployedStream, streamOf } from '../access/deployed-relay.ts';
import { foreseen } from '../access/foreseen.ts';
import { openRelay, relayFlags, relayFlagsUsage, stateOf } from '../access/open-relay.ts';
import { describedStream, freshnessOf } from '../advise/described-stream.ts';
import { observe } from '../advise/observed.ts';
import { adviceJson, adviceText, type Subject } from '../advise/show-advice.ts';
import {
  type Plan,
  type PlannedDestination,
  relayLineBytes,
  splunkEnvelopeBytes,
} from '../advise/workload.ts';
import { type Command, CommandError, type Terminal } from '../command.ts';
import { type Arguments, readArguments, moment as readMoment } from '../read-arguments.ts';

const flags = {
  ...relayFlags,
  stream: { value: 'ID' },
  from: { value: 'TIME' },
  freshness: { value: 'SECONDS' },
  rate: { value: 'N' },
  'event-size': { value: 'BYTES' },
  every: { value: 'MINUTES' },
  'batch-size': { value: 'N' },
  memory: { value: 'MB' },
  compressed: {},
  json: {},
} as const;

export const command: Command = {
  usage: `Usage: relay advise [--stream ID] [--freshness SECONDS] [options]
       relay advise --rate N --event-size BYTES [--freshness SECONDS] [options]

What a stream costs with its present schedule and batch size, how fresh it is, and what would be cheapest: from the
history of its runs, or, with --rate, without asking anybody.

  --stream ID        one stream, by its name in the settings or Mosaic's id; default: every stream
  --from TIME        history to read: ISO 8601, or so long ago, as -2h; the last 7 days by default
  --freshness S      seconds within which Firehose shall have an event, 61 and more (600): no schedule is sooner
                     than a minute, and its run comes on top
  --rate N           events per second, above 0: advice without a history
  --event-size B     with --rate: bytes of an event (1024); its line of up to 1,000 KiB can be delivered
  --every MINUTES    with --rate: the present schedule (5)
  --batch-size N     with --rate: events a collect asks for, 1 to 1000 (1000)
  --memory MB        with --rate: of the function, 256 to 10240 (512)
  --compressed       with --rate: S3 with compressRecords
  --json             an object per stream and line
${relayFlagsUsage}

Exit codes: 0 done, 1 some stream could not be advised on, 2 wrong use or nothing to work on.

Example: relay advise --stage prod --stream cis --freshness 300`,

  async run(args, terminal) {
    const given = readArguments(args, flags);
    const freshnessSeconds = freshnessOf(given.freshness);
    const { rate } = given;
    if (rate !== undefined) {
      for (const name of ofDeployed) {
        if (given[name] !== undefined)
          throw new CommandError(`--${name} means something only without --rate, which asks nobody`);
      }
      show(describedStream({ ...given, rate }, freshnessSeconds), given, terminal);
      return 0;
    }
    for (const name of ofDescription) {
      if (given[name] !== undefined) throw new CommandError(`--${name} means something only with --rate`);
    }
    return adviseOnDeployed(given, freshnessSeconds, terminal);
  },
};

type Given = Arguments<typeof flags>;

const ofDeployed = ['stream', 'from', 'stage', 'region', 'local', 'out'] as const;
const ofDescription = ['event-size', 'every', 'batch-size', 'memory', 'compressed'] as const;

function show(subject: Subject, { json }: Given, terminal: Terminal): void {
  terminal.out(json ? JSON.stringify(adviceJson(subject)) : adviceText(subject));
}

async function adviseOnDeployed(given: Given, freshnessSeconds: number, terminal: Terminal): Promise<number> {
  const relay = await openRelay(given);
  try {
    const streams = given.stream === undefined ? relay.streams : [streamOf(relay, given.stream)];
    if (streams.length === 0) throw new CommandError(`${relay.place} has no stream to advise on`);
    const from = readMoment('from', given.from ?? '-7d', relay.now());
    let unadvised = 0;
    for (const stream of streams) {
      const looked = { sought: `runs of stream ${stream.name}`, where: relay.place };
      const records = await foreseen(looked, () =>
        stateOf(relay, stream).listRecords({ from, to: relay.now() + 60_000 }),
      );
      const observed = observe(records);
      if ('missing' in observed) {
        unadvised += 1;
        terminal.problem(`relay advise: stream ${stream.name}: ${observed.missing}. ${stillTold(stream)}`);
        continue;
      }
      const { load, timing, answers } = observed;
      const basis = `by ${observed.runs} runs, ${observed.outOfTime} of which ran out of time`;
      const present = planOf(stream, observed.everySeconds);
      const title = `${stream.name} of ${relay.place}`;
      show({ title, basis, load, timing, present, freshnessSeconds, answers }, given, terminal);
    }
    return unadvised === 0 ? 0 : 1;
  } finally {
    relay.close();
  }
}

/** What can be said without a history. */
function stillTold({ environment, destinations, memoryMb }: DeployedStream): string {
  const quotas = destinations.map((each) => `${each.quotaMiBPerSecond} MiB/s to ${each.name}`);
  return (
    `It asks for ${environment.BATCH_SIZE} events a batch, has ${memoryMb} MB and may put ${quotas.join(' and ') || 'nothing'}; ` +
    'for the rest, let it run, look further back with --from, or give --rate and --event-size.'
  );
}

function planOf({ environment, destinations, memoryMb }: DeployedStream, everySeconds: number): Plan {
  return {
    everySeconds,
    batchSize: environment.BATCH_SIZE,
    memoryMb,
    leastMemoryMb: memoryFor(Math.max(environment.WIRE_CAP_MIB, environment.DECOMPRESSED_CAP_MIB)),
    timeoutSeconds: environment.TIMEOUT_SECONDS,
    destinations: destinations.map(
      (each): PlannedDestination => ({
        name: each.name,
        packing: each.packing,
        compressed: each.compressRecords ?? false,
        compressible: endsInS3(each),
        quotaMiBPerSecond: each.quotaMiBPerSecond,
        lineOverheadBytes: each.format === 'splunk-envelope' ? splunkEnvelopeBytes : relayLineBytes,
        leavesAws: !endsInS3(each),
      }),
    ),
  };
}

/** True if Firehose's objects in S3 are the destination itself, and no copier takes them on. */
function endsInS3({ deliveryMetrics, copier }: DeployedDestination): boolean {
  return deliveryMetrics === 'DeliveryToS3' && copier === undefined;
}
