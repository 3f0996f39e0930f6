import { deliveredDestinationFolder, type FolderUse } from '../stored/delivered-key.ts';
import type { LifecyclePorts } from './ports.ts';
import { type LifecycleRequest, parseDelivery } from './request.ts';

/**
 * Says why a destination cannot have its folder. A folder's objects outlive their destination, and the bucket has one
 * rule for all of them: an archive must not lie where copies are deleted, whichever came first, and however long ago.
 *
 * @returns undefined where the folder is for the same use, or for none yet, which is noted
 */
export async function folderRefusal(
  request: LifecycleRequest,
  { register }: Pick<LifecyclePorts, 'register'>,
): Promise<string | undefined> {
  if (request.RequestType === 'Delete') return undefined;
  const { StreamName: streamName, Destination: destination, Folder: use } = parseDelivery(request);
  if (use === undefined || (await register.noteFolder(streamName, destination, use))) return undefined;
  const folder = deliveredDestinationFolder({ streamName, destination });
  return `${holds[use]} ${folder}: ${destination} of ${streamName} is, or was, of another kind. Give the destination another name in the settings; what lies there stays as it is.`;
}

/** By the use that is refused. */
const holds: Readonly<Record<FolderUse, string>> = {
  copied:
    'The bucket would delete, as copies that were sent on, the archive that an s3 destination of this name has in',
  kept: 'The bucket deletes, as copies that were sent on, whatever an s3 destination of this name would archive in',
};
