import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const module = pathToFileURL(
  join(import.meta.dirname, '../../../../functions/collector/adapters/heap-growth.ts'),
);

test('a nursery in which much survives for a while stays as it is, and would grow otherwise', () => {
  const left = nurseryMb('');
  const set = nurseryMb(`(await import('${module}')).setHeapGrowth();`);

  expect(left).toBeGreaterThanOrEqual(32);
  expect(set).toBeLessThanOrEqual(8);
});

/** What V8 has taken for new objects, after a million of them and under Lambda's limits for 512 MB. */
function nurseryMb(first: string): number {
  const script = `
    import { getHeapSpaceStatistics } from 'node:v8';
    ${first}
    let kept = [];
    for (let count = 0; count < 1e6; count += 1) {
      kept.push({ count, text: 'of ' + count });
      if (kept.length > 60_000) kept = [];
    }
    const nursery = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space');
    process.stdout.write(String(nursery.space_size / 1024 / 1024));`;
  const limits = ['--max-semi-space-size=25', '--max-old-space-size=460'];
  return Number(execFileSync(process.execPath, [...limits, '--input-type=module', '-e', script]));
}
