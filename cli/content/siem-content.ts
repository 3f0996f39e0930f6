import { datadog } from './datadog.ts';
import { elastic } from './elastic.ts';
import type { SiemContent, SiemMaker, WrittenDestination } from './made-content.ts';
import { opensearch } from './opensearch.ts';
import { sentinel } from './sentinel.ts';
import { mapFiles, shippedFolder, under } from './shipped-folder.ts';
import { splunk } from './splunk.ts';

/** The SIEMs that content is shipped for. */
export const siemMakers: readonly SiemMaker[] = [splunk, sentinel, elastic, opensearch, datadog];

/**
 * The shipped files of a SIEM with the names of a stage's destinations put in, and the detections in its language.
 *
 * @throws {CommandError} where the destinations need what one set of files cannot be
 */
export async function contentOf(
  maker: SiemMaker,
  destinations: readonly WrittenDestination[],
  folder: string,
): Promise<SiemContent> {
  const { files, steps, rename = (text) => text } = await maker.make(destinations, folder);
  const detections = await shippedFolder('content/detections', maker.detections);
  const renamed = mapFiles(detections, (_, text) => rename(text));
  return { files: { ...files, ...under('detections', renamed) }, steps };
}
