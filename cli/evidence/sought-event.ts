/** What is looked for: an event by its id, or events by some of their text as it was collected. */
export type SoughtEvent = { readonly eventId: string } | { readonly contains: string };
