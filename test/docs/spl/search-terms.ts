import { known, type Row, SearchRefused } from './rows.ts';

type Test = (row: Row) => boolean;

/**
 * Reads the terms of the `search` command. NOT binds closest, then OR, and AND last: so Splunk reads them.
 *
 * @param now seconds since the epoch, which relative times are reckoned from
 * @see help.splunk.com, Search Manual, "Boolean expressions"
 */
export function searchTerms(text: string, names: ReadonlySet<string>, now: number): Test {
  const words = text.match(/"(?:[^"\\]|\\.)*"|[()]|(?:[^\s()"]|"(?:[^"\\]|\\.)*")+/g) ?? [];
  let at = 0;

  function all(): Test {
    const terms = [any()];
    while (at < words.length && words[at] !== ')') {
      if (words[at] === 'AND') at += 1;
      terms.push(any());
    }
    return (row) => terms.every((term) => term(row));
  }

  function any(): Test {
    const terms = [one()];
    while (words[at] === 'OR') {
      at += 1;
      terms.push(one());
    }
    return (row) => terms.some((term) => term(row));
  }

  function one(): Test {
    const word = words[at++];
    if (word === undefined) throw new SearchRefused(`'${text}' ends too early`);
    if (word === 'NOT') {
      const term = one();
      return (row) => !term(row);
    }
    if (word !== '(') return comparison(word, names, now);
    const inner = all();
    if (words[at++] !== ')') throw new SearchRefused(`'${text}' has no closing parenthesis`);
    return inner;
  }

  const test = all();
  if (at < words.length) throw new SearchRefused(`'${text}' goes on after its end: ${words[at]}`);
  return test;
}

const times: Readonly<Record<string, readonly [field: string, from: boolean]>> = {
  earliest: ['_time', true],
  latest: ['_time', false],
  _index_earliest: ['_indextime', true],
  _index_latest: ['_indextime', false],
};

function comparison(word: string, names: ReadonlySet<string>, now: number): Test {
  const [, name, sign, value] = /^([A-Za-z_][\w.]*)(::|=)"?([^"]+)"?$/.exec(word) ?? [];
  if (name === undefined || value === undefined)
    throw new SearchRefused(`the search term ${word} is not known`);
  if (Object.hasOwn(times, name)) {
    const [field, from] = times[name]!;
    const limit = timeOf(value, now);
    return ({ fields }) => Number(fields.get(field)) >= limit === from;
  }
  known(name, names);
  if (sign === '::') return (row) => row.indexed.has(name) && String(row.fields.get(name)) === value;
  const pattern = new RegExp(`^${value.split('*').map(literally).join('.*')}$`, 'is');
  return ({ fields }) => pattern.test(String(fields.get(name) ?? ''));
}

function literally(text: string): string {
  return text.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&');
}

const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** `-70m@m`: so long before now, rounded down. */
function timeOf(modifier: string, now: number): number {
  const [, count, unit, snap] = /^-(\d+)([smhd])(?:@([smhd]))?$/.exec(modifier) ?? [];
  if (count === undefined) throw new SearchRefused(`the time ${modifier} is not known`);
  const time = now - Number(count) * seconds[unit!]!;
  return snap === undefined ? time : time - (time % seconds[snap]!);
}
