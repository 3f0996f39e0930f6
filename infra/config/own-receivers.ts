/**
 * Judges the events of a request in place of a vendor: answers why the request is refused, or undefined where it is
 * taken.
 */
export type Receive = (events: readonly string[]) => string | undefined;

/** The judges of kinds that settings define, for the local run. They are known once the settings were read. */
export const ownReceivers = new Map<string, Receive>();
