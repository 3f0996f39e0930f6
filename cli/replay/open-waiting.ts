import { failsForAll, firstLine, isDenied } from '../access/explain-failure.ts';
import type { Opened, Waiting } from './waiting.ts';

/**
 * Opens a waiting object. An object that cannot be opened counts as unusable and holds up no other.
 * @throws an error that every other object would meet as well: no credentials, no network
 */
export async function openWaiting(one: Waiting): Promise<Opened> {
  try {
    return await one.open();
  } catch (error) {
    if (!(error instanceof Error) || failsForAll(error)) throw error;
    return { kind: 'unusable', reason: reasonOf(error) };
  }
}

/** The reason for a kind of failure. All its objects get the same words, so that they are shown together. */
function reasonOf(error: Error): string {
  const { name, message } = error;
  if (name === 'NoSuchKey') return 'S3 no longer has it: it expired, or was moved, since it was listed';
  // S3's own message names the object.
  if (isDenied(error))
    return `it may not be read (${name}): s3:GetObject is needed, and kms:Decrypt where there is a key`;
  if ('code' in error && /^(Z|ZSTD|ERR_ZSTD)_|^DamagedObject$/.test(String(error.code)))
    return `it does not decompress (${error.code}): look at it, then put it aside`;
  return `it could not be read: ${name}: ${firstLine(message)}`;
}
