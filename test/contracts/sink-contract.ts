import { expect, test } from 'vitest';
import type { Sink } from '../../functions/collector/protocol/ports/sink.ts';

/** What a form of the Sink port brings to its contract. */
export interface SinkSubject {
  /** A delivery stream of its own that has accepted nothing yet. */
  create(): Promise<SinkUnderTest>;
}

export interface SinkUnderTest {
  readonly sink: Sink;
  /** What was accepted so far. */
  accepted(): { readonly records: number; readonly bytes: number };
  /** From now on, refuses the records that have a code. */
  refuse(codes: readonly (string | undefined)[]): void;
  /** From now on, refuses whole calls for want of throughput. */
  throttle(): void;
}

const never = new AbortController().signal;
const recordsOf = (...sizes: readonly number[]) => sizes.map((size) => Buffer.alloc(size, 'x'));

/** The suite that every form of the Sink port passes. */
export function sinkContract({ create }: SinkSubject): void {
  test('records that are accepted have no code', async () => {
    const { sink, accepted } = await create();
    expect(await sink.put(recordsOf(10, 20), never)).toEqual([undefined, undefined]);
    expect(accepted()).toEqual({ records: 2, bytes: 30 });
  });

  test('records that are refused have theirs, each in its place, and the others are accepted', async () => {
    const { sink, accepted, refuse } = await create();
    refuse([undefined, 'ServiceUnavailableException', 'InternalFailure']);
    const codes = await sink.put(recordsOf(1, 2, 4, 8), never);
    expect(codes).toEqual([undefined, 'ServiceUnavailableException', 'InternalFailure', undefined]);
    expect(accepted()).toEqual({ records: 2, bytes: 9 });
  });

  test('a call that is refused whole throws, saying that a later call may succeed', async () => {
    const { sink, accepted, throttle } = await create();
    throttle();
    await expect(sink.put(recordsOf(1), never)).rejects.toMatchObject({
      code: 'SinkRefused',
      throttled: true,
    });
    expect(accepted().records).toBe(0);
  });

  test('a call of 500 records and one of three times 1,000 KiB are within the limits', async () => {
    const { sink, accepted } = await create();
    await sink.put(recordsOf(...Array.from({ length: 500 }, () => 1)), never);
    await sink.put(recordsOf(1_024_000, 1_024_000, 1_024_000), never);
    expect(accepted().records).toBe(503);
  });

  test('a call above the limits is refused, and not as throttled', async () => {
    const { sink, accepted } = await create();
    const refused = { code: 'SinkRefused', throttled: false };
    await expect(sink.put(recordsOf(...Array.from({ length: 501 }, () => 1)), never)).rejects.toMatchObject(
      refused,
    );
    await expect(sink.put(recordsOf(1_024_001), never)).rejects.toMatchObject(refused);
    expect(accepted().records).toBe(0);
  });

  test('a call that was aborted before it began sends nothing', async () => {
    const { sink, accepted } = await create();
    await expect(sink.put(recordsOf(1), AbortSignal.abort())).rejects.toMatchObject({ code: 'SinkRefused' });
    expect(accepted().records).toBe(0);
  });
}
