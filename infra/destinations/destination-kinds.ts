import type { z } from 'zod';
import { s3 } from './s3.ts';

/** Every kind, by the name it has in the settings. */
export const destinationKinds = { s3 } as const;

/** What may stand in a stream's `destinations`. */
export type DestinationSettings = z.input<(typeof destinationKinds)[keyof typeof destinationKinds]>;
