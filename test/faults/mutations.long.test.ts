import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Mutation, mutations } from './mutations.ts';
import { runTests } from './run-tests.ts';

const root = join(import.meta.dirname, '../..');
/** The core's own tests: a break of the protocol is theirs to notice. */
const tests = ['run', 'sweep', 'killed-at-any-step'].map(
  (name) => `test/functions/collector/${name}.test.ts`,
);

/** The core and its tests in a folder of their own, with the project's packages. */
async function copyOfTheCore(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'relay-mutation-'));
  for (const part of ['package.json', 'functions', 'test/contracts', 'test/functions/collector'])
    await cp(join(root, part), join(folder, part), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  // The cache of the copy is its own: that of the project belongs to whoever tests the project meanwhile.
  await writeFile(
    join(folder, 'vitest.config.ts'),
    "export default { cacheDir: '.cache', test: { testTimeout: 60_000, pool: 'forks' } };\n",
  );
  return folder;
}

async function mutate(folder: string, { file, from, to }: Mutation): Promise<() => Promise<void>> {
  const path = join(folder, 'functions/collector', file);
  const text = await readFile(path, 'utf8');
  const pieces = text.split(from);
  if (pieces.length !== 2) throw new Error(`${file} holds this ${pieces.length - 1} times: ${from}`);
  await writeFile(path, pieces.join(to));
  return () => writeFile(path, text);
}

let folder = '';
let whole = 0;
beforeAll(async () => {
  folder = await copyOfTheCore();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a copy that nobody has broken passes', async () => {
  const result = await runTests(folder, tests);
  whole = result.total;

  expect(result.failed).toEqual([]);
  expect(result.total).toBeGreaterThan(25);
});

test.each(mutations)('$name: the tests of the core fail', async (mutation) => {
  const restore = await mutate(folder, mutation);
  try {
    const result = await runTests(folder, tests);

    // All of them ran: a copy that does not even load shows nothing.
    expect(result.total).toBe(whole);
    expect(result.failed).not.toEqual([]);
  } finally {
    await restore();
  }
});
