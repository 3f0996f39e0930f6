import { azureLogs } from './azure-logs.ts';
import { gcs } from './gcs.ts';
import { httpEndpoint } from './http-endpoint.ts';
import { openSearch } from './open-search.ts';
import type { ReceiverKind } from './receiver-kind.ts';
import { splunk } from './splunk.ts';

/** Every protocol by which destinations are reached. The data of a destination that none of them knows stay in S3. */
export const receiverKinds: readonly ReceiverKind[] = [splunk, httpEndpoint, openSearch, gcs, azureLogs];
