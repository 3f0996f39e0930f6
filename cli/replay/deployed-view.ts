import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createViewKeys } from '../../functions/collector/adapters/view-keys.ts';
import {
  createDestinationViews,
  type DestinationView,
} from '../../functions/collector/views/destination-view.ts';
import { RelayError } from '../../functions/relay-error.ts';
import type { CompiledView } from '../../functions/stored/compiled-view.ts';
import { keptViewKey, readKeptView } from '../../functions/stored/kept-view.ts';
import { createBucket } from '../access/bucket.ts';
import type { DeployedDestination, DeployedRelay, DeployedStream } from '../access/deployed-relay.ts';

/**
 * Opens the view that a destination has today, as its collector keeps it in the bucket; undefined where the destination
 * sees everything. Its key is read with the caller's own rights.
 */
export function deployedView(
  relay: DeployedRelay,
  { name: stream }: Pick<DeployedStream, 'name'>,
  { view: label }: Pick<DeployedDestination, 'view'>,
): DestinationView | undefined {
  if (label === undefined) return undefined;
  let opened: Promise<DestinationView> | undefined;
  const open = async (): Promise<DestinationView> => {
    const view = await readView(relay, stream, label);
    const client = new SecretsManagerClient(relay.connection);
    return createDestinationViews(
      { [label]: view },
      { readKey: createViewKeys(client), keepView: async () => undefined },
    )(label);
  };
  return {
    label,
    async see(cut, type, collectedAt) {
      opened ??= open();
      return (await opened).see(cut, type, collectedAt);
    },
  };
}

async function readView(relay: DeployedRelay, stream: string, label: string): Promise<CompiledView> {
  const kept = await createBucket(relay.clients.s3, relay.bucket).find(keptViewKey(stream, label));
  if (kept !== undefined) return readKeptView(kept.body);
  throw new RelayError(
    'ViewNotKept',
    `The view ${label} is not in the bucket yet; the collector keeps it there when it first delivers by it.`,
  );
}
