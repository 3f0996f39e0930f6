import { eventText } from '@mosaic-relay/mosaic-simulator';
import fc from 'fast-check';
import type { eventTypes } from '../../../functions/collector/contract.ts';
import { createLineFormat } from '../../../functions/collector/delivery/formats/line-formats.ts';
import { prepareRecords } from '../../../functions/collector/delivery/prepare-records.ts';
import { cutOf } from '../../functions/collector/answers/cut-of.ts';
import { spacedArray } from '../../functions/collector/answers/json-texts.ts';

/** When the documents' batches were collected. */
const collectedAt = Date.UTC(2026, 2, 1);

interface DocumentForm {
  readonly format?: 'open-search-document' | 'relay-line';
  readonly stage?: string;
}

/** True for a document that holds its event as one string. */
export function isText(document: string): boolean {
  return document.endsWith(',"as_text":true}}');
}

export function simulated(type: (typeof eventTypes)[number], count: number): readonly string[] {
  const style = {
    seed: 11,
    averageBytes: 1_200,
    snakeParams: false,
    pretty: true,
    large: true,
    oversize: false,
    unreadableTimestamps: false,
  };
  return Array.from({ length: count }, (_, index) =>
    eventText(style, { type, index, timestamp: collectedAt - index * 1_000, enriched: index % 2 === 0 }),
  );
}

export function drawnEvents(): readonly string[] {
  return fc.sample(spacedArray(), { numRuns: 400, seed: 7 }).flatMap(({ elements }) => elements);
}

export function documentsOf(
  events: readonly string[],
  type: string,
  { format = 'open-search-document', stage = 'dev' }: DocumentForm = {},
): readonly string[] {
  const facts = { type, stream: `relay-${type}`, collectedAt };
  const shape = { format: createLineFormat(format, stage), packing: 'single' } as const;
  return prepareRecords(cutOf(events), facts, shape).records.map((record) => Buffer.from(record).toString());
}
