import { expect, test } from 'vitest';
import { giveBack, takeBuffer } from '../../functions/spare-buffers.ts';

const mebibyte = 1024 * 1024;

test('a buffer that was given back is taken again where it is long enough', () => {
  const first = takeBuffer(2 * mebibyte);
  giveBack(first);

  expect(takeBuffer(1 * mebibyte)).toBe(first);
  giveBack(first);
  expect(takeBuffer(6 * mebibyte)).not.toBe(first);
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
  // Compared here: a matcher would write megabytes of bytes into its message.
  expect(again.includes(huge)).toBe(false);
  expect(again.filter((each) => many.includes(each)).length).toBeLessThanOrEqual(6);
});
