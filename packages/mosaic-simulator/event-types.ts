/** The kinds of events that Mosaic keeps streams of. */
export const eventTypes = ['cis', 'admin', 'risk', 'verify'] as const;
export type EventType = (typeof eventTypes)[number];
