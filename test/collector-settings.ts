import type { CollectorSettings } from '../functions/collector/contract.ts';

/** What a collector is told, with the defaults of the settings and no destination unless said otherwise. */
export function toldToCollector(changes: Partial<CollectorSettings> = {}): CollectorSettings {
  return {
    stage: 'dev',
    name: 'cis',
    id: 'relay-cis',
    type: 'cis',
    mosaicUrl: 'https://api.example.com',
    apiVersion: 'v1',
    secret: 'mosaic',
    table: 'table',
    bucket: 'bucket',
    batchSize: 1000,
    enrichment: false,
    autoReopen: true,
    emptyAnswersToStop: 2,
    timeout: 300,
    collectTimeout: 60,
    interval: 300,
    pollWithin: 0,
    recordDays: 37,
    wireCapMiB: 64,
    decompressedCapMiB: 64,
    destinations: [],
    ...changes,
  };
}
