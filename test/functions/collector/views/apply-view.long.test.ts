import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutEvents } from '../../../../functions/collector/answers/cut-events.ts';
import { applyView } from '../../../../functions/collector/views/apply-view.ts';
import { compileView } from '../../../../functions/stored/compiled-view.ts';
import { drawnEvent, drawnView, viewKey } from './drawn-views.ts';
import { modelOfView } from './model.ts';

/** Each of the two takes a minute or two, and on a busy machine more than five. */
const busyMachineMs = 1_800_000;

test(
  'a view makes of 80,000 random texts what the model makes of them',
  () => {
    fc.assert(
      fc.property(drawnView(), drawnEvent(), fc.boolean(), (view, event, long) => {
        const key = viewKey(long);
        expect(textOf(applyView(compileView(view), Buffer.from(event), key))).toBe(
          modelOfView(view, event, key),
        );
      }),
      { numRuns: 80_000 },
    );
  },
  busyMachineMs,
);

test(
  'a view makes of damaged texts that the cutter still takes what the model makes of them, 20,000 in all',
  () => {
    const telling = fc.constantFrom(...Buffer.from('[]{}",:\\/0-.eEtn \n\t*'), 0x80, 0xc3);
    const changes = fc.array(fc.tuple(fc.nat(), telling), { minLength: 1, maxLength: 2 });
    const key = viewKey();
    let taken = 0;
    for (let seed = 1; taken < 20_000; seed++) {
      for (const [view, event, damages] of fc.sample(fc.tuple(drawnView(), drawnEvent(), changes), {
        numRuns: 2_000,
        seed,
      })) {
        const source = Buffer.from(`[${event}]`);
        for (const [at, byte] of damages) source[1 + (at % (source.length - 2))] = byte;
        const cut = cutEvents(source);
        if ('damaged' in cut) continue;
        for (let index = 0; index < cut.count; index++) {
          const text = source.subarray(cut.starts[index]!, cut.ends[index]!);
          taken += 1;
          expect(textOf(applyView(compileView(view), text, key))).toBe(
            modelOfView(view, text.toString(), key),
          );
        }
      }
    }
  },
  busyMachineMs,
);

function textOf(seen: Uint8Array | string): string {
  return typeof seen === 'string' ? seen : Buffer.from(seen).toString();
}
