import { expect, test } from 'vitest';
import { goOn, lost } from './killed-program.ts';
import { effectsOfLife, liveWithRestoration, momentsIn, tablesIn } from './restored-table.ts';

test('a table that is put back at any moment, to any earlier one, loses nothing', async () => {
  const effects = await effectsOfLife();
  for (const taken of tablesIn(effects)) {
    for (const putBack of momentsIn(effects).filter((at) => at > taken)) {
      const relay = await liveWithRestoration({ taken, putBack });

      await goOn(relay);

      const where = `as before ${effects[taken]} (${taken}), before ${effects[putBack] ?? 'the end'} (${putBack})`;
      expect(lost(relay), where).toBe(0);
      expect(relay.state.stored.open.size, where).toBe(0);
    }
  }
});
