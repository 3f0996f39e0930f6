import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keptPartition } from '../../../functions/stored/kept-delivery.ts';
import { events, hourMs, type KeptStage, startKeptStage } from './kept-stage.ts';

/** Somebody has deleted the note that a delivery stream is kept, so that nobody tells the copier of its objects. */
describe('relay forget of a destination whose note is missing', () => {
  let kept: KeptStage;

  beforeAll(async () => {
    kept = await startKeptStage({ refuses: false, waitMs: 0 });
    const { world } = kept.stack;
    const TableName = world.deployment.byType('AWS::DynamoDB::Table')[0]!.physicalId;
    const { Items: items } = (await world.dynamodb.call('Scan', { TableName })) as {
      readonly Items: readonly { readonly stream: { readonly S: string }; readonly item: object }[];
    };
    const noted = items.filter((each) => each.stream.S === keptPartition);
    expect(noted).toHaveLength(1);
    for (const { stream, item } of noted)
      await world.dynamodb.call('DeleteItem', { TableName, Key: { stream, item } });
    await kept.pass(30 * hourMs);
  }, 240_000);
  afterAll(() => kept?.close());

  test('refuses, since objects may not have reached the receiver', async () => {
    expect(await kept.linesAtGoogle()).toBe(0);
    expect(await kept.run('forget', '--stream', 'cis', '--list')).toMatchObject({
      code: 1,
      problems: expect.stringMatching(
        /is not empty: nobody knows which of \d+ objects? its copier has heard of/,
      ),
    });
  }, 240_000);

  test('writes the note again with --yes, and deletes only when the receiver has every event', async () => {
    expect(await kept.run('forget', '--yes')).toMatchObject({
      code: 1,
      problems: expect.stringMatching(/is not empty: \d+ objects? that the copier has not heard of/),
    });
    await kept.pass(3 * hourMs);
    expect(await kept.linesAtGoogle()).toBe(events);
    expect(await kept.run('forget', '--yes')).toMatchObject({ code: 0, problems: '' });
    expect(kept.types()).toEqual([]);
    expect(kept.stack.world.refusals).toEqual([]);
  }, 240_000);
});
