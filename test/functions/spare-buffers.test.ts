import { beforeEach, expect, test, vi } from 'vitest';

const mebibyte = 1024 * 1024;

let takeBuffer: typeof import('../../functions/spare-buffers.ts').takeBuffer;
let giveBack: typeof import('../../functions/spare-buffers.ts').giveBack;

// The buffers that are kept are the module's own, and other test files of this process have used it.
beforeEach(async () => {
  vi.resetModules();
  ({ takeBuffer, giveBack } = await import('../../functions/spare-buffers.ts'));
});

test('a buffer that was given back is taken again where it is long enough', () => {
  const first = takeBuffer(2 * mebibyte);
  giveBack(first);

  // Compared here: a matcher would write megabytes of bytes into its message.
  expect(takeBuffer(1 * mebibyte) === first).toBe(true);
  giveBack(first);
  expect(takeBuffer(6 * mebibyte) === first).toBe(false);
});

test('no two takers have the same buffer', () => {
  giveBack(takeBuffer(mebibyte));

  const [one, other] = [takeBuffer(mebibyte), takeBuffer(mebibyte)];
  expect(one === other).toBe(false);
});

test('what is kept between runs has a bound: few buffers, none of them huge', () => {
  const huge = takeBuffer(20 * mebibyte);
  giveBack(huge);
  const many = Array.from({ length: 12 }, () => takeBuffer(mebibyte));
  for (const each of many) giveBack(each);

  const again = Array.from({ length: 12 }, () => takeBuffer(mebibyte));
  expect(again.includes(huge)).toBe(false);
  expect(again.filter((each) => many.includes(each)).length).toBeLessThanOrEqual(6);
});
