import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '..');
const readme = readFileSync(join(folder, 'README.md'), 'utf8');

test('the example of the README prints what the README says', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'example/collect.ts')]);

  expect(readme).toContain(`\`\`\`text\n${stdout}\`\`\``);
});

test('the README shows the example as it stands', () => {
  expect(readme).toContain(readFileSync(join(folder, 'example/collect.ts'), 'utf8'));
});
