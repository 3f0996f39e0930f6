import type { CollectorDestination } from '../../functions/collector/contract.ts';
import { unmarked } from '../../functions/stored/delivery-stream-name.ts';
import type { World } from '../world.ts';

/**
 * The names of every delivery stream that a destination has had. Beside the present one these are kept ones, of a time
 * before the destination was removed and put back.
 */
export function everyStreamOf(
  { deliveryStream }: Pick<CollectorDestination, 'deliveryStream'>,
  { firehose }: Pick<World, 'firehose'>,
): readonly string[] {
  const name = unmarked(deliveryStream);
  return firehose.names.filter((each) => unmarked(each) === name);
}

/** Records that Firehose holds for a destination, in every delivery stream that it has had. */
export function bufferedOf(
  destination: Pick<CollectorDestination, 'deliveryStream'>,
  world: Pick<World, 'firehose'>,
): number {
  return everyStreamOf(destination, world).reduce(
    (sum, name) => sum + world.firehose.stats(name).bufferedRecords,
    0,
  );
}
