import type { AnswerEncoding } from '../answer.ts';

/** `000001`: the number of a batch within its run, in the name of an object. */
export function numberName(number: number): string {
  return String(number).padStart(6, '0');
}

/** `.json`, followed by how the object is compressed. */
export function extensionOf(encoding: AnswerEncoding): string {
  return { identity: '.json', gzip: '.json.gz', zstd: '.json.zst' }[encoding];
}
