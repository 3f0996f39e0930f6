import { eventIdLength } from '../answers/event-id.ts';
import { createKeyedHash } from './keyed-hash.ts';
import type { ViewKey } from './view-key.ts';

/** Makes a function that gives, for an event's raw id, the id in lines of views with this key. */
export function createKeyedIds({ secret }: Pick<ViewKey, 'secret'>): (rawId: string) => string {
  const keyed = createKeyedHash(secret, 'id:');
  return (rawId) => keyed(Buffer.from(rawId, 'latin1')).slice(0, eventIdLength);
}
