import type { GatewayOptions } from '@mosaic-relay/cdk-loopback';
import { type DestinationStage, faultyDestinations, outageOf } from './faulty-destinations.ts';
import { createS3Faults } from './s3-faults.ts';

/** Destinations that can be broken and repaired while a run goes on. */
export interface BreakableDestinations {
  /** The hook that the world must have from its beginning. */
  readonly interfere: NonNullable<GatewayOptions['interfere']>;
  /** Attaches the stage to whose destinations this belongs. There are none before. */
  attach(stage: DestinationStage): void;
  readonly states: readonly DestinationState[];
  /**
   * Breaks or repairs a destination; a destination in that state stays as it is. @returns false where there is no
   * such destination, or after `end`
   */
  set(name: string, broken: boolean): boolean;
  /** Repairs every destination and breaks none from now on. */
  end(): void;
}

export interface DestinationState {
  /** `<stream>/<destination>` */
  readonly name: string;
  readonly broken: boolean;
}

export function createBreakableDestinations(): BreakableDestinations {
  const s3 = createS3Faults();
  const outages = new Map<string, () => () => void>();
  const mends = new Map<string, () => void>();
  let over = false;
  const set = (name: string, broken: boolean): boolean => {
    const begin = outages.get(name);
    if (begin === undefined || (over && broken)) return false;
    const mend = mends.get(name);
    if (broken && mend === undefined) mends.set(name, begin());
    if (!broken) {
      mend?.();
      mends.delete(name);
    }
    return true;
  };
  return {
    interfere: s3.interfere,
    attach: (stage) => {
      for (const destination of faultyDestinations(stage)) {
        const outage = outageOf(destination, stage, s3);
        outages.set(destination.key, () => outage.begin(0));
      }
    },
    get states() {
      return [...outages.keys()].map((name) => ({ name, broken: mends.has(name) }));
    },
    set,
    end: () => {
      over = true;
      for (const name of [...mends.keys()]) set(name, false);
    },
  };
}
