import { join } from 'node:path';
import { CommandError } from '../command.ts';
import type { MadeContent, SiemMaker, WrittenDestination } from './made-content.ts';
import { mapFiles, shippedFolder, valuesOf } from './shipped-folder.ts';

/** A template with the table of the settings. */
export const sentinel: SiemMaker = {
  siem: 'sentinel',
  kind: 'sentinel',
  detections: /^kql\/|\.yml$/,
  make: made,
};

async function made(destinations: readonly WrittenDestination[], folder: string): Promise<MadeContent> {
  const [table = 'Custom-MosaicEvents_CL', ...others] = valuesOf(destinations, 'table');
  if (others.length > 0) {
    throw new CommandError(
      `the stage writes to several tables, ${[table, ...others].join(', ')}: one table makes one set of functions`,
    );
  }
  const files = await shippedFolder('content/sentinel');
  const rename = (text: string) => text.replaceAll('MosaicEvents_CL', table.replace(/^Custom-/, ''));
  return {
    rename,
    files: mapFiles(files, (_, text) => rename(text)),
    steps: [
      `az deployment group create -g GROUP --template-file ${join(folder, 'main.bicep')} --parameters workspace=WORKSPACE`,
      'Sentinel: Analytics → read each rule, change its numbers, and enable it.',
    ],
  };
}
