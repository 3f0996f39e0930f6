import { S3Client } from '@aws-sdk/client-s3';
import { createBucket } from '../../cli/access/bucket.ts';
import { createPreview } from '../../cli/preview/preview.ts';
import { previewReport } from '../../cli/preview/preview-report.ts';
import { previewJournal } from '../../cli/preview/previewed-journal.ts';
import { emptyRules, percentLess, totals } from '../../cli/preview/show-preview.ts';
import type { World } from '../world.ts';
import type { WorldStream } from '../world-streams.ts';

/** What the views of a stream's destinations make of the events that a run journaled, a line or two for each. */
export async function viewLinesOf(stream: WorldStream, world: ViewedWorld): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const destination of stream.destinations) {
    const { view: label } = destination;
    if (label !== undefined) lines.push(...(await viewLines(stream, { destination, label, world })));
  }
  return lines;
}

type ViewedWorld = Pick<World, 'views' | 'gatewayUrl' | 'region' | 'operatorCredentials'>;

interface Viewed {
  readonly destination: WorldStream['destinations'][number];
  readonly label: string;
  readonly world: ViewedWorld;
}

async function viewLines(
  { name, type, settings }: WorldStream,
  { destination, label, world }: Viewed,
): Promise<readonly string[]> {
  const { views, gatewayUrl: endpoint, region } = world;
  const view = views[label];
  if (view === undefined) throw new Error(`the assembly has no view ${label}`);
  const preview = createPreview({ view, label, type, stage: settings.stage, destination, mostExamples: 0 });
  const credentials = world.operatorCredentials();
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  try {
    const range = { from: 0, to: Number.MAX_SAFE_INTEGER };
    const bucket = createBucket(client, settings.bucket);
    const { isWhole, factor } = await previewJournal(preview, {
      ...{ bucket, streamName: name, range, sample: mostEvents },
    });
    const { packing } = destination;
    const report = previewReport(preview, { factor, packing, seconds: 1, egressPerByte: 0, show: 0 });
    if (report.events === 0) return [];
    const of = isWhole ? '' : ', by a sample';
    return [
      `${name} to ${destination.name}: through view ${label} ${totals(report)}; lines ` +
        `${percentLess(report.bytesBefore, report.bytesAfter)}${of}`,
      ...emptyRules(report.rules).map((line) => `  ${line}`),
    ];
  } finally {
    client.destroy();
  }
}

/** More would take longer than the rest of the comparison, and tell the same. */
const mostEvents = 5_000;
