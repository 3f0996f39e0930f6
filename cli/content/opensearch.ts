import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shippedFile } from '../access/shipped-file.ts';
import type { MadeContent, SiemMaker, WrittenDestination } from './made-content.ts';
import { valuesOf } from './shipped-folder.ts';

/** The index template for the settings' indexes. */
export const opensearch: SiemMaker = {
  siem: 'opensearch',
  kind: 'openSearch',
  detections: /\.yml$/,
  make: made,
};

async function made(destinations: readonly WrittenDestination[], folder: string): Promise<MadeContent> {
  const template = JSON.parse(await readFile(shippedFile('content/opensearch/index-template.json'), 'utf8'));
  const indexes = valuesOf(destinations, 'index');
  const patterns = indexes.length === 0 ? template.index_patterns : indexes.map((index) => `${index}*`);
  return {
    files: {
      'index-template.json': `${JSON.stringify({ ...template, index_patterns: patterns }, null, 2)}\n`,
    },
    steps: [
      `curl --fail --aws-sigv4 "aws:amz:REGION:es" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -H "x-amz-security-token: $AWS_SESSION_TOKEN" -H 'content-type: application/json' -X PUT "https://ENDPOINT/_index_template/mosaic-relay" --data @${join(folder, 'index-template.json')}`,
    ],
  };
}
