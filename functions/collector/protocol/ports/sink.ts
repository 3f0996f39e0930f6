import { RelayError } from '../../../relay-error.ts';

/** One destination's delivery stream in Firehose. */
export interface Sink {
  /**
   * Makes one PutRecordBatch.
   * @param records at most 500, of at most 4 MiB together as they are encoded
   * @param signal ends the call; Firehose may then have accepted some or all of the records
   * @returns aligned with `records`: undefined for a record that was accepted, else Firehose's code
   * @throws {SinkRefused} when the whole call was refused or not answered; Firehose may have accepted the records
   */
  put(records: readonly Uint8Array[], signal: AbortSignal): Promise<readonly (string | undefined)[]>;
}

/** Firehose refused a whole call. `throttled` says that Firehose only asks for time. */
export class SinkRefused extends RelayError {
  readonly throttled: boolean;

  constructor(
    message: string,
    options: { readonly throttled: boolean; readonly name: string; readonly cause?: unknown },
  ) {
    super('SinkRefused', message, { facts: { error: options.name }, cause: options.cause });
    this.throttled = options.throttled;
  }
}
