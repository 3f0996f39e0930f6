import type { DeployedRelay } from '../access/deployed-relay.ts';
import { readStageStatus } from '../status/stage-status.ts';
import type { DestinationStatus } from '../status/stream-status.ts';
import type { Finding } from './check.ts';
import { checkDestination } from './destination-checks.ts';
import { checkMosaic } from './mosaic-checks.ts';
import type { ProbeContext } from './probes/probe.ts';
import { checkQuotas } from './quota-checks.ts';
import { checkSecretReaders } from './secrets/secret-checks.ts';
import { checkViewKeys } from './secrets/view-key-checks.ts';
import { checkStorage } from './storage-checks.ts';
import { checkStreams } from './stream-checks.ts';
import type { Subject } from './subject.ts';

/** Makes every check that needs a known stage, and reports the findings of each group as soon as it is checked. */
export async function examine(
  subject: Subject,
  options: { readonly account?: string; readonly mayWrite: boolean; readonly address: string },
  tell: (findings: readonly Finding[]) => void,
): Promise<void> {
  const { relay, connection } = subject;
  tell(await checkMosaic(subject.mosaic, connection));
  tell(await checkSecretReaders(subject));
  tell(await checkViewKeys(subject));
  if (relay !== undefined) tell(await checkStorage(relay));
  tell(await checkStreams(subject));
  const { address, ...allowed } = options;
  const context = { ...allowed, connection, now: () => subject.now() };
  const status = relay === undefined ? undefined : await readDestinations(relay, address);
  for (const findings of await checkDestinations(subject, context, status)) tell(findings);
  tell(await checkQuotas(subject));
}

async function checkDestinations(
  { streams }: Subject,
  context: ProbeContext,
  statuses: ReadonlyMap<string, DestinationStatus> | undefined,
): Promise<readonly (readonly Finding[])[]> {
  return Promise.all(
    streams.flatMap(({ name, label, targets }) =>
      targets.map((target) => {
        const status = statuses?.get(`${name}/${target.name}`);
        return checkDestination(label, { target, ...(status && { status }) }, context);
      }),
    ),
  );
}

async function readDestinations(
  relay: DeployedRelay,
  address: string,
): Promise<ReadonlyMap<string, DestinationStatus>> {
  const { streams } = await readStageStatus(relay, { address, known: new Map() });
  return new Map(
    streams.flatMap(({ name, destinations }) =>
      destinations.map((destination) => [`${name}/${destination.name}`, destination] as const),
    ),
  );
}
