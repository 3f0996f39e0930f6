import { join } from 'node:path';
import type { MadeContent, SiemMaker, WrittenDestination } from './made-content.ts';
import { shippedFolder, valuesOf } from './shipped-folder.ts';

/** Pipeline and templates for the settings' data streams. */
export const elastic: SiemMaker = {
  siem: 'elastic',
  kind: 'elastic',
  detections: /^esql\/|\.yml$/,
  make: made,
};

async function made(destinations: readonly WrittenDestination[], folder: string): Promise<MadeContent> {
  const dataStreams = valuesOf(destinations, 'dataStream');
  const files = await shippedFolder('content/elastic');
  const template = JSON.parse(files['index-template.json']!);
  const patterns = dataStreams.length === 0 ? template.index_patterns : dataStreams;
  const put = (path: string, file: string) =>
    `curl --fail -H "authorization: ApiKey $API_KEY" -H 'content-type: application/json' -X PUT "https://ENDPOINT/${path}/mosaic-relay" --data @${join(folder, file)}`;
  return {
    files: {
      ...files,
      'index-template.json': `${JSON.stringify({ ...template, index_patterns: patterns }, null, 2)}\n`,
    },
    steps: [
      put('_ingest/pipeline', 'ingest-pipeline.json'),
      put('_component_template', 'component-template.json'),
      put('_index_template', 'index-template.json'),
    ],
  };
}
