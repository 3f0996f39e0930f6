import { join } from 'node:path';
import type { MadeContent, SiemMaker, WrittenDestination } from './made-content.ts';
import { shippedFolder } from './shipped-folder.ts';

/** A pipeline and a dashboard, which name nothing of the settings. */
export const datadog: SiemMaker = {
  siem: 'datadog',
  kind: 'datadog',
  detections: /\.yml$/,
  make: made,
};

async function made(_: readonly WrittenDestination[], folder: string): Promise<MadeContent> {
  const post = (path: string, file: string) =>
    `curl --fail -H "DD-API-KEY: $API_KEY" -H "DD-APPLICATION-KEY: $APP_KEY" -H 'content-type: application/json' -X POST "https://api.SITE/api/v1/${path}" --data @${join(folder, file)}`;
  return {
    files: await shippedFolder('content/datadog'),
    steps: [
      post('logs/config/pipelines', 'pipeline.json'),
      post('dashboard', 'dashboard.json'),
      'Datadog: Logs → make facets of @_relay.type, @evt.name, @evt.outcome, @evt.category and @mosaic.recommendation; no call makes a facet.',
    ],
  };
}
