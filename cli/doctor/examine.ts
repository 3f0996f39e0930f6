import type { DeployedRelay } from '../access/deployed-relay.ts';
import { openHealth } from '../status/destination-health.ts';
import type { Finding } from './check.ts';
import { checkDestination } from './destination-checks.ts';
import { checkMosaic } from './mosaic-checks.ts';
import type { ProbeContext } from './probes/probe.ts';
import { checkQuotas } from './quota-checks.ts';
import { checkSecretReaders } from './secrets/secret-checks.ts';
import { checkStorage } from './storage-checks.ts';
import { checkStreams } from './stream-checks.ts';
import type { Subject } from './subject.ts';

/** Makes every check that needs a known stage, and reports the findings of each group as soon as it is checked. */
export async function examine(
  subject: Subject,
  options: { readonly account?: string; readonly mayWrite: boolean },
  tell: (findings: readonly Finding[]) => void,
): Promise<void> {
  const { relay, connection } = subject;
  tell(await checkMosaic(subject.mosaic, connection));
  tell(await checkSecretReaders(subject));
  if (relay !== undefined) tell(await checkStorage(relay));
  tell(await checkStreams(subject));
  const context = { ...options, connection, now: () => subject.now() };
  for (const findings of await checkDestinations(subject, context)) tell(findings);
  tell(await checkQuotas(subject));
}

async function checkDestinations(
  { streams, relay }: Subject,
  context: ProbeContext,
): Promise<readonly (readonly Finding[])[]> {
  const health = relay === undefined ? undefined : await readHealth(relay);
  return Promise.all(
    streams.flatMap(({ name, label, targets }) =>
      targets.map((target) =>
        checkDestination(label, { target, health: health?.get(`${name}/${target.name}`) }, context),
      ),
    ),
  );
}

async function readHealth(relay: DeployedRelay) {
  const health = openHealth(relay);
  try {
    const found = await Promise.all(
      relay.streams.map(async (stream) =>
        (await health.of(stream, new Map())).map((each) => [`${stream.name}/${each.name}`, each] as const),
      ),
    );
    return new Map(found.flat());
  } finally {
    health.close();
  }
}
