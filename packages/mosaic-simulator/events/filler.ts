import { createRandom, type Random } from '../random.ts';
import { oddNumber, oddString } from './values.ts';

/**
 * Members that no schema names, about `bytes` long: what "enrich activity log events" of a journey may add.
 * Odd numbers, odd strings, escaped and repeated names are all in here.
 */
export function filler(random: Random, bytes: number): string[] {
  const members: string[] = [];
  if (bytes > 100 && random.chance(0.5)) members.push(`"sequence":${oddNumber(random)}`);
  if (bytes > 140 && random.chance(0.5)) members.push(`"te\\u0078t":${oddString(random)}`);
  if (bytes > 200 && random.chance(0.1)) members.push('"step":"one"', `"step":${oddNumber(random)}`);
  if (bytes > 250 && random.chance(0.3))
    members.push(`"nested":[[[{"deep":[${oddNumber(random)},{}]}],[]],null]`);
  const left = bytes - members.join(',').length - '"note":"",'.length;
  if (left > 0) members.push(`"note":"${words(random, left)}"`);
  return members;
}

function words(random: Random, length: number): string {
  if (length <= proseBytes / 2) {
    const start = random.below(proseBytes / 2);
    return prose.slice(start, start + length);
  }
  let text = '';
  while (text.length < length)
    text += prose.slice(random.below(1000), Math.min(proseBytes, 1000 + length - text.length));
  return text.slice(0, length);
}

const proseBytes = 32_768;

/** ASCII without quotes and backslashes, so that any slice of it is a string's inside. */
const prose = writeProse();

function writeProse(): string {
  const random = createRandom('prose');
  const vocabulary =
    `session token device policy user journey approved denied challenge retry timeout region locale
    browser factor passkey otp email phone score rule matched fallback consent scope claim issuer audience grant
    {id} [0] a=1 b,c 100% x:y #7 (new) 2026-03-01T09:15:02Z`.split(/\s+/);
  let text = '';
  while (text.length < proseBytes) text += `${random.pick(vocabulary)} `;
  return text.slice(0, proseBytes);
}
