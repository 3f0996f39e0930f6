import { describe, expect, test } from 'vitest';
import { compare, id, line } from './comparison-case.ts';

describe('the comparison of events that are too old for a receiver', () => {
  test('an event too old for one receiver is late there, and counts by the others in the stream', async () => {
    const [fresh, old] = ['{"a":1}', '{"old":2}'];
    const generated = [fresh, old];

    const held = await compare({
      generated,
      tooOldForLast: old,
      holdings: [[line(fresh), line(old)], [line(fresh)]],
    });
    const sent = await compare({
      generated,
      tooOldForLast: old,
      holdings: [
        [line(fresh), line(old)],
        [line(fresh), line(old)],
      ],
    });
    const nowhere = await compare({
      generated,
      tooOldForLast: old,
      holdings: [[line(fresh)], [line(fresh)]],
    });
    const lacking = await compare({
      generated,
      tooOldForLast: old,
      holdings: [[line(fresh), line(old)], [line(old)]],
    });

    expect(held).toMatchObject({ delivered: 2, missing: 0, late: 0 });
    expect(held.destinations).toMatchObject([
      { delivered: 2, missing: 0, late: 0 },
      { delivered: 1, missing: 0, late: 1, missingEvents: [] },
    ]);
    expect(sent.destinations[1]).toMatchObject({ delivered: 2, late: 0 });
    expect(nowhere).toMatchObject({ delivered: 1, missing: 1, late: 0 });
    expect(lacking).toMatchObject({ missing: 1, destinations: [{}, { missing: 1, late: 0 }] });
  });

  test('an event that the only destination cannot take any more is late for the stream, too', async () => {
    const result = await compare({ generated: ['{"old":1}'], tooOldForLast: '{"old":1}', holdings: [[]] });
    expect(result).toMatchObject({ delivered: 0, missing: 0, late: 1 });
  });

  test('an old event that a destination lacks and nobody has told of as late is missing', async () => {
    const [fresh, old] = ['{"a":1}', '{"old":2}'];
    const lost = {
      generated: [fresh, old],
      tooOldForLast: old,
      heldBackForLast: 0,
      holdings: [[line(fresh)]],
    };

    const untold = await compare(lost);
    const toldByReceiver = await compare({ ...lost, toldForLast: [old] });
    const toldOfAnother = await compare({ ...lost, toldForLast: [fresh, '{"other":3}'] });

    expect(untold).toMatchObject({ missing: 1, late: 0, destinations: [{ missing: 1, lateIds: [] }] });
    expect(toldByReceiver).toMatchObject({ missing: 0, late: 1, destinations: [{ lateIds: [id(old)] }] });
    expect(toldOfAnother).toMatchObject({ missing: 1, late: 0 });
  });

  test('a run that told of one late event excuses one, and no other run’s', async () => {
    const [first, second, third] = ['{"old":1}', '{"old":2}', '{"b":3}'];
    const result = await compare({
      generated: [first, second, third],
      runs: { [second]: `run of ${first}` },
      tooOldForLast: first,
      alsoTooOldForLast: [second, third],
      holdings: [[]],
    });
    expect(result).toMatchObject({ missing: 2, late: 1, destinations: [{ lateIds: [id(first)] }] });
  });

  test('an event that is still in time is missing, though its run has told of a late one', async () => {
    const [fresh, old] = ['{"a":1}', '{"old":2}'];
    const result = await compare({
      generated: [fresh, old],
      runs: { [fresh]: `run of ${old}` },
      tooOldForLast: old,
      heldBackForLast: 2,
      holdings: [[]],
    });
    expect(result).toMatchObject({ missing: 1, late: 1, destinations: [{ lateIds: [id(old)] }] });
  });

  test('an old event that never reached the journal is missing, and not late', async () => {
    const result = await compare({
      generated: ['{"old":1}'],
      journaled: [],
      tooOldForLast: '{"old":1}',
      holdings: [[]],
    });
    expect(result).toMatchObject({ missing: 1, late: 0 });
  });

  test('lines that a receiver dates anew are counted', async () => {
    const result = await compare({ generated: ['{"a":1}'], holdings: [[line('{"a":1}')]], redated: true });
    expect(result.destinations).toMatchObject([{ delivered: 1, redated: 1 }]);
  });
});
