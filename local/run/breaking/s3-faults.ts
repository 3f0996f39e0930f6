import type { GatewayOptions } from '@mosaic-relay/cdk-loopback';
import type { PlannedFault } from './planned-fault.ts';

/** The faults of S3 where Firehose delivers to it, by folder. */
export interface S3Faults {
  readonly interfere: NonNullable<GatewayOptions['interfere']>;
  /** @param folder `delivered/<stream>/<destination>/` */
  of(folder: string): readonly PlannedFault[];
}

export function createS3Faults(): S3Faults {
  const down = new Set<string>();
  /** Answers that are still to be lost, by folder. */
  const lost = new Map<string, number>();
  return {
    interfere(call) {
      if (call.service !== 's3' || call.operation !== 'PutObject') return undefined;
      const is = (folder: string): boolean => call.resource.includes(`/${folder}`);
      if ([...down].some(is)) return { skipEffect: true, outcome: slowDown };
      const folder = [...lost.keys()].find(is);
      const left = folder === undefined ? 0 : lost.get(folder)!;
      if (folder === undefined || left === 0) return undefined;
      lost.set(folder, left - 1);
      return { outcome: 'reset' };
    },
    of: (folder) => [
      {
        name: 'S3 outage',
        minutes: [60, 180],
        begin() {
          down.add(folder);
          return () => down.delete(folder);
        },
      },
      {
        name: 'lost answers of S3',
        minutes: [40, 60],
        begin(amount) {
          lost.set(folder, 1 + Math.floor(amount * 3));
          return () => lost.delete(folder);
        },
      },
    ],
  };
}

const slowDown = { status: 503, code: 'SlowDown', message: 'Please reduce your request rate.' };
