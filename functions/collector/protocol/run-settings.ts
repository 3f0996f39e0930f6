import type { CollectorSettings } from '../contract.ts';
import type { Destination } from './ports/destination.ts';

/** What a run is told, as the contract has it, and where it delivers. */
export interface RunSettings
  extends Pick<
    CollectorSettings,
    | 'type'
    | 'batchSize'
    | 'timeout'
    | 'collectTimeout'
    | 'interval'
    | 'emptyAnswersToStop'
    | 'pollWithin'
    | 'decompressedCapMiB'
  > {
  readonly streamId: string;
  readonly destinations: readonly Destination[];
}
