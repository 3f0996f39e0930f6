import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { families } from '../aws/cloudformation/families.ts';

const folder = join(import.meta.dirname, '..');
const readme = readFileSync(join(folder, 'README.md'), 'utf8');

test('the example of the README prints what the README says, within ten seconds of processor time', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    '--import',
    `data:text/javascript,process.on('exit', () => console.error(JSON.stringify(process.cpuUsage())))`,
    join(folder, 'example/overdue-books.ts'),
  ]);
  const { user, system } = JSON.parse(stderr) as NodeJS.CpuUsage;

  expect(readme).toContain(`\`\`\`text\n${stdout}\`\`\``);
  // Of the machine's clock a test may say nothing: others work on it too.
  expect((user + system) / 1e6).toBeLessThan(10);
}, 120_000);

test.each(['overdue-books.ts', 'remind.ts'])('the README shows %s as it stands', (name) => {
  expect(readme).toContain(readFileSync(join(folder, 'example', name), 'utf8'));
});

test('the README names every resource type that is known, and no other', () => {
  const named = new Set(readme.match(/AWS::\w+::\w+/g));

  expect([...named].toSorted()).toEqual(Object.keys(families).toSorted());
});
