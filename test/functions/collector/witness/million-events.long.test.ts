import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('an hour of a million events is compared, and a lost batch recovered, within 512 MB', () => {
  const script = join(import.meta.dirname, 'million-events.ts');
  const printed = execFileSync(process.execPath, [script], { encoding: 'utf8' });
  const result = JSON.parse(printed) as { readonly maxRssMb: number };

  expect(result).toMatchObject({ compared: 1_000_000, missing: 1_000, recovered: 1_000, narrowed: false });
  // The bundle's own code and the AWS clients take some 60 MB beside it.
  expect(result.maxRssMb).toBeLessThan(512 - 60);
});
