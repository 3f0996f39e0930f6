import { createDynamoRegister } from '../../functions/stream-lifecycle/adapters/dynamo-register.ts';
import type { DeployedRelay, DeployedStream } from '../access/deployed-relay.ts';
import { explainingFailure } from '../access/explain-failure.ts';
import { stateOf } from '../access/open-relay.ts';
import { count, durationText } from '../text.ts';
import { about, type Finding } from './check.ts';
import { checkLateness } from './late-checks.ts';
import type { Subject, SubjectStream } from './subject.ts';

/**
 * Tells from stored facts whether Mosaic has each stream, and whether another reader takes its events.
 *
 * Mosaic is not asked. Its only calls that would tell are reading, which consumes, and creating, which would hide
 * that a stream had been missing.
 */
export async function checkStreams(subject: Subject): Promise<readonly Finding[]> {
  const { relay, streams, others = [] } = subject;
  if (relay === undefined) return streams.map(beforeDeploy);
  const looks = await Promise.all([...relay.streams, ...others].map((stream) => look(relay, stream)));
  const wanted = looks.filter(({ stream }) => streams.some(({ name }) => name === stream.name));
  return [
    ...wanted.map((each) => existence(each, relay)),
    ...wanted.map((each) => readers(each, looks)),
    ...(await Promise.all(wanted.map(({ stream }) => checkLateness(relay, stream)))).flat(),
  ];
}

function beforeDeploy({ label, id, pullUrl }: SubjectStream): Finding {
  const check = about(`stream ${label}`);
  return check.skipped(
    pullUrl === undefined
      ? `Mosaic cannot be asked without reading or creating ${id}; the deploy creates it, and fails if Mosaic has it and this stage does not know it`
      : 'its pull URL cannot be tried without reading events; relay run-now does, after the deploy',
  );
}

interface Look {
  readonly stream: DeployedStream;
  readonly registered: boolean;
  /** The runs of the last day, newest first. */
  readonly runs: readonly RunLook[];
}

interface RunLook {
  readonly endedAt: number;
  readonly outcome: string;
  readonly code?: string;
  readonly events: number;
}

const dayMs = 86_400_000;

async function look(relay: DeployedRelay, stream: DeployedStream): Promise<Look> {
  const looked = { sought: `runs of stream ${stream.label}`, where: relay.place };
  const register = createDynamoRegister({ client: relay.clients.dynamoDb, tableName: relay.table });
  return explainingFailure(looked, async () => {
    const now = relay.now();
    const range = { from: now - dayMs, to: now + 60_000 };
    const [known, runs] = await Promise.all([
      register.read(stream.name),
      stateOf(relay, stream).records.listRecords(range),
    ]);
    return { stream, registered: known !== undefined, runs: runs.toReversed() };
  });
}

/** Tells whether the stream exists: Mosaic answered every run that ended by itself without failing. */
function existence({ stream, registered, runs }: Look, relay: DeployedRelay): Finding {
  const check = about(`stream ${stream.label}`);
  const [last] = runs;
  if (last === undefined) {
    return registered
      ? check.warning(
          `the deploy found or created ${stream.id}, and no run has read it in the last day`,
          `npx relay run-now --stream ${stream.label}`,
        )
      : check.warning(
          `nobody has created or read ${stream.id} yet, as far as the table knows`,
          `npx relay run-now --stream ${stream.label}`,
        );
  }
  const ago = `${durationText(relay.now() - last.endedAt)} ago`;
  if (last.outcome !== 'failed') return check.ok(`Mosaic answered for ${stream.id} ${ago}`);
  return check.failed(
    `the last run, ${ago}, failed with ${last.code ?? 'no code'}`,
    `see docs/runbook.md for ${last.code ?? 'failing runs'}; then relay run-now --stream ${stream.label}`,
  );
}

/**
 * Compares the numbers of events of streams of one type, since Mosaic names no readers. Streams of one type each
 * get a full copy. If one got much less than another over the same day, another reader has read it, or it is
 * younger.
 */
function readers({ stream, runs }: Look, all: readonly Look[]): Finding {
  const check = about(`readers of ${stream.label}`);
  const copies = all.filter((other) => other.stream.type === stream.type && other.stream !== stream);
  if (copies.length === 0) {
    return check.skipped(
      `Mosaic tells nobody who reads; a second stream of type ${stream.type} would show it by its count`,
    );
  }
  const own = eventsOf(runs);
  const most = Math.max(...copies.map((other) => eventsOf(other.runs)));
  if (most < fewestToCompare || own >= most * 0.9) {
    return check.ok(`${count(own)} events in a day, and other streams of its type ${count(most)}`);
  }
  return check.warning(
    `${count(own)} events in a day, and another stream of its type ${count(most)}: somebody else may read it`,
    `see in Mosaic's portal what pulls ${stream.id}, and give that a stream of its own`,
  );
}

/** Smaller numbers show nothing, because the two streams are not read at the same moment. */
const fewestToCompare = 100;

function eventsOf(runs: readonly RunLook[]): number {
  return runs.reduce((sum, { events }) => sum + events, 0);
}
