import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventId } from '../../functions/collector/answers/event-id.ts';
import { applyView } from '../../functions/collector/views/apply-view.ts';
import { createKeyedIds } from '../../functions/collector/views/keyed-id.ts';
import { compileView } from '../../functions/stored/compiled-view.ts';
import { drawnEvent, drawnView, viewKey } from '../functions/collector/views/drawn-views.ts';
import { install, runProgram, tellSkipped, temporaryFolder } from './install.ts';

const folder = temporaryFolder();
const { missing } = await install('python3', ['--version'], folder);
tellSkipped("Python's json, hmac and ipaddress", missing, folder);

const key = viewKey();
const keyedId = createKeyedIds(key);

test.skipIf(missing !== undefined)(
  "Python's json, hmac and ipaddress make the same views and ids of the same events",
  async () => {
    const cases = fc
      .sample(fc.tuple(drawnView(), drawnEvent()), { numRuns: 4_000, seed: 16 })
      .flatMap(([view, event]) => {
        const { activities: _, ...ofMembers } = view;
        const compiled = compileView(ofMembers);
        const seen = applyView(compiled, Buffer.from(event), key);
        if (typeof seen === 'string' || !event.startsWith('{')) return [];
        const rawId = eventId('cis', Buffer.from(event));
        return {
          event,
          raw_id: rawId,
          id: keyedId(rawId),
          members: compiled.members.map(({ path, action }) => [path, action]),
          removes_others: compiled.otherMembers === 'remove',
          seen: Buffer.from(seen).toString(),
        };
      });
    writeFileSync(join(folder, 'cases.jsonl'), cases.map((each) => `${JSON.stringify(each)}\n`).join(''));

    const script = join(import.meta.dirname, 'see_events.py');
    const { error, output } = await runProgram(
      'python3',
      [script, join(folder, 'cases.jsonl'), Buffer.from(key.secret).toString('base64')],
      { folder, timeoutMs: 50_000 },
    );

    if (error !== undefined) throw new Error(output, { cause: error });
    expect(JSON.parse(output)).toEqual({ cases: cases.length, different: [] });
    expect(cases.length).toBeGreaterThan(2_000);
  },
);
