import type { AwsCall } from '@mosaic-relay/cdk-loopback';
import { type JournalKey, readJournalKey } from '../../../functions/stored/journal-key.ts';

/** The batch that a call puts into the journal; undefined for every other call, that of a probe too. */
export function journaledBy({ service, operation, resource }: AwsCall): JournalKey | undefined {
  if (service !== 's3' || operation !== 'PutObject') return undefined;
  return readJournalKey(resource.slice(resource.indexOf('/') + 1));
}
