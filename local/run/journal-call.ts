import type { AwsCall } from '@mosaic-relay/cdk-loopback';
import { type JournalKey, readJournalKey } from '../../functions/stored/journal-key.ts';
import type { ObjectMetadata } from '../../functions/stored/journaled-batch.ts';

/** The metadata that a call writes with its object. */
export function metadataOf({ headers }: AwsCall): ObjectMetadata {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), String(value)]] : [],
    ),
  );
}

const prefix = 'x-amz-meta-';

/** Reads the batch that a call puts into the journal; undefined for every other call, a probe included. */
export function journaledBy({ service, operation, resource }: AwsCall): JournalKey | undefined {
  if (service !== 's3' || operation !== 'PutObject') return undefined;
  return readJournalKey(resource.slice(resource.indexOf('/') + 1));
}
