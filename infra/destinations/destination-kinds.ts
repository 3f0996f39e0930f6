import type { z } from 'zod';
import { datadog } from './datadog.ts';
import { dynatrace } from './dynatrace.ts';
import { elastic } from './elastic.ts';
import { gcs } from './gcs.ts';
import { http } from './http.ts';
import { newRelic } from './new-relic.ts';
import { openSearch } from './open-search.ts';
import { s3 } from './s3.ts';
import { sentinel } from './sentinel.ts';
import { splunk } from './splunk.ts';
import { sumoLogic } from './sumo-logic.ts';

/** Every kind, by the name it has in the settings. */
export const destinationKinds = {
  s3,
  splunk,
  gcs,
  datadog,
  newRelic,
  dynatrace,
  sumoLogic,
  elastic,
  http,
  openSearch,
  sentinel,
} as const;

/** What may stand in a stream's `destinations`. */
export type DestinationSettings = z.input<(typeof destinationKinds)[keyof typeof destinationKinds]>;
