import { join } from 'node:path';
import type { MadeContent, SiemMaker, WrittenDestination } from './made-content.ts';
import { mapFiles, shippedFolder, valuesOf } from './shipped-folder.ts';

/** The index templates for the settings' indexes, plain and by ECS, and the pipeline that the second names. */
export const opensearch: SiemMaker = {
  siem: 'opensearch',
  kind: 'openSearch',
  detections: /\.yml$/,
  make: made,
};

async function made(destinations: readonly WrittenDestination[], folder: string): Promise<MadeContent> {
  const files = await shippedFolder('content/opensearch');
  const indexes = valuesOf(destinations, 'index');
  const forIndexes = (text: string) => {
    const template = JSON.parse(text) as { readonly index_patterns: readonly string[] };
    const patterns = indexes.length === 0 ? template.index_patterns : indexes.map((index) => `${index}*`);
    return `${JSON.stringify({ ...template, index_patterns: patterns }, null, 2)}\n`;
  };
  const put = (path: string, file: string) =>
    `curl --fail --aws-sigv4 "aws:amz:REGION:es" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -H "x-amz-security-token: $AWS_SESSION_TOKEN" -H 'content-type: application/json' -X PUT "https://ENDPOINT/${path}" --data @${join(folder, file)}`;
  return {
    files: mapFiles(files, (path, text) => (path.endsWith('index-template.json') ? forIndexes(text) : text)),
    steps: [
      put('_index_template/mosaic-relay', 'index-template.json'),
      // The pipeline comes before the template that names it: without it every document would be refused.
      put('_ingest/pipeline/mosaic-relay', 'ingest-pipeline.json'),
      put('_index_template/mosaic-relay-ecs', 'ecs-index-template.json'),
    ],
  };
}
