import { expect, test } from 'vitest';
import { readAhead } from '../../../cli/access/read-ahead.ts';

const mib = 1024 * 1024;

async function* elementsOf(sizes: readonly number[]) {
  for (const [index, size] of sizes.entries()) yield { index, size };
}

/** Reads all, and tells in which order, and how many at most were begun and not yet handed over. */
async function readAll(sizes: readonly number[]) {
  let begun = 0;
  let most = 0;
  const results: number[] = [];
  for await (const index of readAhead(elementsOf(sizes), async (element) => {
    begun += 1;
    most = Math.max(most, begun - results.length);
    return element.index;
  }))
    results.push(index);
  return { results, most };
}

test.each([
  ['small ones are read eight at a time', new Array(20).fill(1), 8],
  ['of large ones only as many as 64 MiB hold, and one more', new Array(6).fill(30 * mib), 3],
  ['one that is larger than that alone', [100 * mib, 100 * mib, 100 * mib], 1],
])('%s, and the results come in order', async (_, sizes, most) => {
  const read = await readAll(sizes);

  expect(read.results).toEqual(sizes.map((__, index) => index));
  expect(read.most).toBe(most);
});

test('a failure is raised when its element has its turn', async () => {
  const results: number[] = [];
  const reading = async () => {
    for await (const index of readAhead(elementsOf([1, 1, 1]), async (element) => {
      if (element.index === 1) throw new Error('no');
      return element.index;
    }))
      results.push(index);
  };

  await expect(reading()).rejects.toThrow('no');
  expect(results).toEqual([0]);
});
