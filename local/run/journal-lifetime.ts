import { journalFolder } from '../../functions/stored/journal-key.ts';
import type { World } from '../world.ts';

/** The time since when a bucket's journal holds every collected event, by the lifecycle rule of the template. */
export function journalKeptSince(bucket: string, world: Pick<World, 'clock' | 'deployment'>): number {
  const resource = world.deployment.byType('AWS::S3::Bucket').find(({ physicalId }) => physicalId === bucket);
  const { Rules: rules = [] } = (resource?.properties.LifecycleConfiguration ?? {}) as Lifecycle;
  const days = rules.find(({ Prefix }) => Prefix === journalFolder)?.ExpirationInDays;
  return days === undefined ? Number.NEGATIVE_INFINITY : world.clock.now() - days * dayMs;
}

interface Lifecycle {
  readonly Rules?: readonly { readonly Prefix?: string; readonly ExpirationInDays?: number }[];
}

const dayMs = 86_400_000;
