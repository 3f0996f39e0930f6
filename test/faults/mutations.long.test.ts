import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Change, Mutation } from './mutation.ts';
import { mutations } from './mutations.ts';
import { runTests } from './run-tests.ts';

const root = join(import.meta.dirname, '../..');
/** The core's own tests: a break of the protocol is theirs to notice. */
const testsOfTheCore = [
  'protocol/run',
  'protocol/sweep',
  'protocol/killed-at-any-step',
  'delivery/delivery-outage',
].map((name) => `functions/collector/${name}`);
const everyTest = [...new Set(mutations.flatMap(testsFor))];

function testsFor({ noticedBy = testsOfTheCore }: Mutation): readonly string[] {
  return noticedBy.map((name) => `test/${name}.test.ts`);
}

/** The project in a folder of its own, with the same packages. */
async function copyOfTheProject(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'relay-mutation-'));
  for (const part of await readdir(root)) {
    if (!notCopied.includes(part)) await cp(join(root, part), join(folder, part), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  // The cache of the copy is its own: that of the project belongs to whoever tests the project meanwhile.
  await writeFile(
    join(folder, 'vitest.config.ts'),
    "export default { cacheDir: '.cache', test: { testTimeout: 60_000, pool: 'forks' } };\n",
  );
  return folder;
}

const notCopied = ['node_modules', '.git', 'docs', 'out', 'cdk.out'];

async function mutate(folder: string, mutation: Mutation): Promise<() => Promise<void>> {
  const path = join(folder, 'functions/collector', mutation.file);
  const text = await readFile(path, 'utf8');
  const changes: readonly Change[] = mutation.also === undefined ? [mutation] : [mutation, mutation.also];
  await writeFile(path, changes.reduce(changed, text));
  return () => writeFile(path, text);
}

function changed(text: string, { from, to }: Change): string {
  const pieces = text.split(from);
  if (pieces.length !== 2) throw new Error(`the file holds this ${pieces.length - 1} times: ${from}`);
  return pieces.join(to);
}

let folder = '';
let whole: ReadonlyMap<string, number> = new Map();
/** What the unbroken copy leaves to `npm run test:long`. */
let leftOut: readonly string[] = [];
beforeAll(async () => {
  folder = await copyOfTheProject();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('an unbroken copy passes', async () => {
  const result = await runTests(folder, everyTest);
  whole = result.totals;
  leftOut = result.skipped;

  expect(result.failed).toEqual([]);
  expect([...whole.keys()].toSorted()).toEqual(everyTest.toSorted());
});

test.each(mutations.map((each) => [each.name, each] as const))('%s: the tests fail', async (_, mutation) => {
  const restore = await mutate(folder, mutation);
  try {
    const tests = testsFor(mutation);
    const result = await runTests(folder, tests);

    // All of them ran: a copy that does not even load shows nothing.
    expect(result.totals).toEqual(new Map(tests.map((name) => [name, whole.get(name)])));
    const skipped = result.skipped.filter((name) => !leftOut.includes(name));
    expect([...result.failed, ...skipped]).not.toEqual([]);
  } finally {
    await restore();
  }
});
