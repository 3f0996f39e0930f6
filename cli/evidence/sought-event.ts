/** An event to find by its id, or events to find by some of their text as it was collected. */
export type SoughtEvent = { readonly eventId: string } | { readonly contains: string };
