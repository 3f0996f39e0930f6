import { keptViewKey, readKeptView } from '../../functions/stored/kept-view.ts';
import type { Stage } from '../../infra/config/settings.ts';
import { createBucket } from '../access/bucket.ts';
import type { DeployedRelay, DeployedStream } from '../access/deployed-relay.ts';
import { isDenied } from '../access/explain-failure.ts';

/** A view that destinations of a stream have. */
export interface SubjectView {
  /** Its name in the settings, and after a deploy the digest of its rules behind it. */
  readonly name: string;
  /** ARN of the secret with its key; absent where the view changes no member, or is not known. */
  readonly secretId?: string;
  /** The key that the settings name beside that secret, before a first deploy. */
  readonly secretKey?: string;
  /** The reason for which the view is not known. */
  readonly unknown?: string;
}

/** The views of a deployed stream, as its collector keeps them in the bucket. */
export async function viewsOfRelay(
  relay: DeployedRelay,
  { name: stream, destinations }: Pick<DeployedStream, 'name' | 'destinations'>,
): Promise<readonly SubjectView[]> {
  const bucket = createBucket(relay.clients.s3, relay.bucket);
  const labels = new Set(destinations.flatMap(({ view }) => view ?? []));
  return Promise.all(
    [...labels].map(async (name) => {
      try {
        const kept = await bucket.find(keptViewKey(stream, name));
        if (kept === undefined)
          return { name, unknown: 'the collector keeps it in the bucket when it first delivers by it' };
        const { key } = readKeptView(kept.body);
        return { name, ...(key === undefined ? {} : { secretId: key }) };
      } catch (error) {
        if (!(error instanceof Error && isDenied(error))) throw error;
        return { name, unknown: 'these credentials may not read it in the bucket' };
      }
    }),
  );
}

/** The views of a stream that is not deployed yet. */
export function viewsOfSettings(
  { views }: Pick<Stage, 'views'>,
  { destinations }: Pick<Stage['streams'][number], 'destinations'>,
): readonly SubjectView[] {
  const names = new Set(destinations.flatMap(({ view }) => view ?? []));
  return [...names].map((name) => {
    const { key, secretKey } = views[name]!;
    return {
      name,
      ...(key === undefined ? {} : { secretId: key }),
      ...(secretKey === undefined ? {} : { secretKey }),
    };
  });
}
