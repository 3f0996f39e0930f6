/** The events and bytes of an attempt that brought a batch to its destination. */
export interface Delivered {
  readonly events: number;
  readonly records: number;
  /** Bytes of the lines, before compression. */
  readonly rawBytes: number;
  /** Bytes as Firehose bills them. */
  readonly billedBytes: number;
  /** Events that no record can hold, put into quarantine. */
  readonly quarantined: number;
  /** Events that are too old or too new for the receiver: held back, or sent all the same, as the settings have it. */
  readonly late: number;
  /** Records that were refused at first and sent again. */
  readonly refusedRecords: number;
}
