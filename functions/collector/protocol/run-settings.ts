import type { CollectorSettings } from '../contract.ts';
import type { DestinationPort } from './ports/destination.ts';

/** The settings of a run, under the contract's names, and the destinations. */
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
  readonly destinations: readonly DestinationPort[];
}
