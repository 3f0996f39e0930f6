import type { RetiringAsking } from '../../../stored/meta-item.ts';

/**
 * The streams whose id was replaced and which are still read: a part of `META`. A method that names a stream which is
 * none of them changes nothing.
 */
export interface RetiringStreams {
  /** Sets since when drained runs have found the stream empty, in ms. Undefined says that the stream gave events. */
  markEmpty(streamId: string, since: number | undefined): Promise<void>;
  /** Sets what to ask the stream for. Undefined says that the setting holds. */
  keepAsking(streamId: string, asking: RetiringAsking | undefined): Promise<void>;
  /** Forgets a stream that has been read empty. */
  retire(streamId: string): Promise<void>;
}
