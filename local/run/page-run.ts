import type { Followed } from '@mosaic-relay/cdk-loopback';
import { streamOf } from '../../cli/access/deployed-relay.ts';
import { WrongUse } from '../../cli/arguments/wrong-use.ts';
import { logGroupsOf } from '../../cli/logs/log-groups.ts';
import { isAccounting, type LogLine, lineText } from '../../cli/logs/log-line.ts';
import { merged, NoLogGroup, readGroup } from '../../cli/logs/read-logs.ts';
import { replaySources } from '../../cli/replay/waiting.ts';
import { count } from '../../cli/text.ts';
import type { PageDestinations, PageRun } from '../page/page-run.ts';
import type { World } from '../world.ts';
import type { WorldStream } from '../world-streams.ts';
import { deployedRelay } from './deployed-relay.ts';
import type { PassingEvents } from './passing-events.ts';
import { redrive } from './redrive.ts';

export interface PageRunOptions {
  readonly world: World;
  readonly stage: string;
  readonly streams: readonly WorldStream[];
  readonly followed: Pick<Followed, 'evaluator'>;
  readonly destinations: PageDestinations;
  readonly passing: Pick<PassingEvents, 'latest'>;
  /** As commands of the operator name the run: `--stage dev --local`. */
  readonly address: string;
  readonly signal: AbortSignal;
}

/** What the page shows and does of a run that is served. */
export function pageRun(options: PageRunOptions): PageRun {
  const { destinations, passing } = options;
  return {
    destinations,
    passing: passing.latest,
    logs: (stream) => lastLines(stream, options),
    replays: {
      get offers() {
        return waitingStreams(options).map((stream) => ({
          stream,
          command: `npx relay replay ${options.address} --stream ${stream}`,
        }));
      },
      replay: (stream) => replayed(stream, options),
    },
  };
}

/** Streams whose alarm says that something waits for an operator. */
function waitingStreams({ world, streams, followed }: PageRunOptions): readonly string[] {
  const states = new Map(followed.evaluator.states().map(({ name, state }) => [name, state]));
  const { stackName } = world.deployment;
  return streams
    .map(({ name }) => name)
    .filter((stream) => states.get(`${stackName}-${stream}-WaitingForOperator`) === 'ALARM');
}

async function replayed(name: string, options: PageRunOptions): Promise<string | undefined> {
  const { world, stage, signal } = options;
  const stream = options.streams.find((one) => one.name === name);
  if (stream === undefined) return undefined;
  const sources = replaySources.filter((source) => source !== 'journal');
  const { total, failures } = await redrive(world, {
    stage,
    streams: [stream],
    sources,
    lost: new Set(),
    signal,
  });
  if (failures.length > 0) return `The replay of ${name} was refused in part: ${failures[0]}`;
  if (total === 0) return `Nothing of ${name} was left to replay.`;
  return `${count(total)} events of ${name} were sent again. The two alarms recover with the next sweep, within five minutes of the run's time.`;
}

const mostLines = 300;
/** Of the run's own time. */
const lookBackMs = 6 * 3_600_000;

/** @param name of the stream, or of its collector's function, as a link of the dashboard has it */
async function lastLines(
  name: string,
  { world, stage, streams }: PageRunOptions,
): Promise<readonly string[] | undefined> {
  const stream = streams.find((one) => one.name === name || one.functionName === name);
  if (stream === undefined) return undefined;
  const relay = deployedRelay(world, stage);
  try {
    const groups = await logGroupsOf(relay, [streamOf(relay, stream.name)], { isWhole: false });
    const { connection } = relay;
    const from = relay.now() - lookBackMs;
    const lines: string[] = [];
    for await (const line of merged(groups.map((group) => written(readGroup(group, { connection, from }))))) {
      if (isAccounting(line)) continue;
      lines.push(lineText(line, (text) => text));
      if (lines.length > mostLines) lines.shift();
    }
    return lines;
  } finally {
    relay.close();
  }
}

/** A log group that nobody has written to yet is not there. */
async function* written(lines: AsyncIterable<LogLine>): AsyncIterable<LogLine> {
  try {
    yield* lines;
  } catch (error) {
    if (!(error instanceof NoLogGroup)) throw error;
  }
}

/** The error of a page that cannot be served: wrong use in place of `EADDRINUSE` and `EACCES`, which says what would be right. */
export function explainPort(error: unknown, port: number | undefined): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (port === undefined || (code !== 'EADDRINUSE' && code !== 'EACCES')) return error;
  const why = code === 'EACCES' ? 'may not be used by you' : 'is in use';
  return new WrongUse(`--port ${port} ${why}: name another, or leave it out for a free one`);
}
