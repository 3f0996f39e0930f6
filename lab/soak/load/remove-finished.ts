import { journalPrefix, readJournalKey } from '../../../functions/stored/journal-key.ts';
import { s3PlaceOf } from '../../../local/run/s3-holding.ts';
import type { World } from '../../../local/world.ts';
import type { WorldStream } from '../../../local/world-streams.ts';
import { openRunsOf } from '../journaled-events.ts';
import type { StoredObjects } from '../stored-objects.ts';

/**
 * Removes objects that a stream will not read again: delivered objects, and the journal of closed runs. Their
 * events were counted on the way in.
 */
export async function removeFinished(
  stream: WorldStream,
  world: World,
  objects: StoredObjects,
): Promise<void> {
  const { bucket } = stream.settings;
  for (const { deliveryStream } of stream.destinations) {
    const resource = world.deployment
      .byType('AWS::KinesisFirehose::DeliveryStream')
      .find(({ physicalId }) => physicalId === deliveryStream);
    const place = resource && s3PlaceOf(resource.properties);
    if (place === undefined) throw new Error(`${deliveryStream} does not write to S3`);
    for (const object of await objects.list(place.bucket, place.prefix)) await objects.remove(object);
  }
  const journal = await objects.list(bucket, journalPrefix(stream.name));
  // The open runs are read after the listing, which shows no object of runs that began later.
  const open = await openRunsOf(stream, world);
  for (const object of journal) {
    const batch = readJournalKey(object.key);
    if (batch !== undefined && !open.includes(batch.run)) await objects.remove(object);
  }
}
