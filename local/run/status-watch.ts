import { headlineOf, troubleLines } from '../../cli/status/show-status.ts';
import { readStageStatus, type StageStatus } from '../../cli/status/stage-status.ts';
import type { KnownObjects } from '../../cli/waiting/count-objects.ts';
import type { ShownStatus } from '../page/frame.ts';
import type { World } from '../world.ts';
import { deployedRelay } from './deployed-relay.ts';
import { pause } from './pause.ts';

/** The status of a run as `relay status --local` says it, for those who show it all the time. */
export interface StatusWatch {
  /** Undefined until it has been read once. */
  latest(): ShownStatus | undefined;
  end(): Promise<void>;
}

/** Reads the status of a run every few seconds, and tells each new verdict. */
export function watchStatus(
  world: World,
  options: StatusOf & { readonly onVerdict: (headline: string) => void },
): StatusWatch {
  const known: KnownObjects = new Map();
  const over = new AbortController();
  let latest: ShownStatus | undefined;
  const read = async (): Promise<void> => {
    const before = latest?.verdict;
    latest = await readStatus(world, { ...options, known });
    if (latest.verdict !== before && !over.signal.aborted) options.onVerdict(latest.headline);
  };
  const watching = (async () => {
    while (!over.signal.aborted) {
      await read();
      await pause(everyMs, over.signal);
    }
  })();
  return {
    latest: () => latest,
    async end() {
      over.abort();
      await watching;
    },
  };
}

const everyMs = 5_000;

/** The run whose status is read. */
export interface StatusOf {
  readonly stage: string;
  readonly out: string;
  /** Names of the streams that take part; the schedules of the others are off. */
  readonly names: ReadonlySet<string>;
  readonly known?: KnownObjects;
}

/** Reads the status of a run. Where it cannot be read, because a fault refuses the reading too, the verdict is unknown. */
export async function readStatus(
  world: World,
  { stage, out, names, known = new Map() }: StatusOf,
): Promise<ShownStatus> {
  const relay = deployedRelay(world, stage);
  try {
    const address = `--stage ${stage} --local${out === 'out' ? '' : ` --out ${out}`}`;
    const status = await readStageStatus(relay, { names, address, known });
    const look = { now: relay.now(), paint: (text: string) => text, columns: 100 };
    return {
      verdict: status.verdict,
      headline: headlineOf(status, relay.now()),
      trouble: troubleLines(withoutAlarms(status), look),
    };
  } catch (error) {
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { verdict: 'unknown', headline: `unknown: the status cannot be read: ${reason}`, trouble: [] };
  } finally {
    relay.close();
  }
}

/** The same without red alarms of streams and destinations: whoever shows it lists all alarms beside it. */
function withoutAlarms(status: StageStatus): StageStatus {
  return {
    ...status,
    alarms: [],
    streams: status.streams.map((stream) => ({
      ...stream,
      alarms: [],
      destinations: stream.destinations.map((destination) => ({ ...destination, alarms: [] })),
    })),
  };
}
