import type { Stream } from './stream-settings.ts';

/**
 * The witness of a stream, or none: a stream of its own with a copy of the same events, which is only journaled.
 *
 * Every setting that could make its events differ is taken from the primary.
 */
export function witnessOf(primary: Stream): readonly Stream[] {
  const { witness } = primary;
  if (witness === undefined) return [];
  return [
    {
      ...primary,
      name: witnessNameOf(primary.name),
      label: primary.label && witnessNameOf(primary.label),
      id: witnessIdOf(primary.id),
      schedule: witness.schedule,
      destinations: [],
      // A comparison is one invocation for each hour.
      timeout: 900,
      pollWithin: 0,
      adopt: primary.adopt || witness.adopt === true,
      reservedConcurrency: undefined,
      witness: undefined,
      alarms: {
        // The primary's alarm tells an unusual quiet.
        quiet: 'off',
        undelivered: primary.alarms.undelivered,
        deliveryBehind: primary.alarms.deliveryBehind,
      },
      witnessOf: {
        name: primary.name,
        streamId: primary.id,
        batchSize: primary.batchSize,
        destinations: primary.destinations.map(({ name }) => name),
        mode: witness.mode,
      },
    },
  ];
}

/** Its name in the relay: a stream of its own in table, journal and schedules. */
export function witnessNameOf(primary: string): string {
  return `${primary}-witness`;
}

/** Its id in Mosaic. */
export function witnessIdOf(primary: string): string {
  return `${primary}-witness`;
}

/** A stage's settings as written, with a witness for each stream that has none; for trying a whole stage with witnesses. */
export function withWitnesses(written: object, mode: unknown): object {
  if (mode === undefined) return written;
  return Object.fromEntries(
    Object.entries(written).map(([name, stage]) => {
      const { streams = [] } = stage as { readonly streams?: readonly object[] };
      return [name, { ...stage, streams: streams.map((stream) => ({ witness: mode, ...stream })) }];
    }),
  );
}
