import { expect, test } from 'vitest';
import { startMeasured } from '../../../lab/bench/measured-process.ts';

test('a variant that hangs is given up after its limit, and closes', async () => {
  const hanging = startMeasured(
    [process.execPath, '-e', "process.on('SIGTERM', () => {}); for (;;);"],
    {},
    300,
  );

  await expect(hanging.round()).rejects.toThrow('it was not through with a round after 0.3 s');
  await hanging.close();
});

test('a variant that cannot be started says so, and closes', async () => {
  const missing = startMeasured(['no-such-program-of-the-benchmark'], {});

  await expect(missing.round()).rejects.toThrow('it ended early');
  await missing.close();
});
