/** What a view made of events. */
export interface ViewCounts {
  readonly events: number;
  /** Events that rules of activities leave out. */
  readonly dropped: number;
  /** Events that the view cannot be made of. */
  readonly refused: number;
  /** How often each rule met, by its name; rules that met nothing are absent. */
  readonly rules: Readonly<Record<string, number>>;
}

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
  /** What the destination's view made of the batch; absent where it has none. */
  readonly view?: ViewCounts;
  /** Events of activities that the table of the destination's shape does not know. */
  readonly unmapped: number;
  /** Records that were refused at first and sent again. */
  readonly refusedRecords: number;
}
