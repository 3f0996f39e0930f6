import type { CollectorDestination } from '../../functions/collector/contract.ts';
import { flag } from '../config/fields.ts';

/** The setting of kinds whose records end in an object of S3, where gzip members in a row are one valid file. */
export const compressionFields = { compressRecords: flag().default(true) };

interface Compression {
  readonly compressRecords: boolean;
}

/** The form of the records, as the collector makes them. */
export function packedLines({
  compressRecords,
}: Compression): Pick<CollectorDestination, 'packing' | 'compressRecords'> {
  return { packing: 'lines', ...(compressRecords ? { compressRecords } : {}) };
}

/** Either way the object is gzip: Firehose would compress records that are gzip members a second time. */
export function gzippedObjects({ compressRecords }: Compression) {
  return { compressionFormat: compressRecords ? 'UNCOMPRESSED' : 'GZIP', fileExtension: '.ndjson.gz' };
}
