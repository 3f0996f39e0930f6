import { expect, test } from 'vitest';
import { causeName } from '../../../../functions/collector/protocol/cause-name.ts';
import { RelayError } from '../../../../functions/relay-error.ts';

const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), { code: 'ECONNREFUSED' });
const throttled = Object.assign(new Error('Slow down.'), { name: 'ServiceUnavailableException' });

test.each([
  ['a foreseen error', new RelayError('QuarantineRefused', 'No.'), 'QuarantineRefused'],
  ["AWS's own", throttled, 'ServiceUnavailableException'],
  ['a socket that was refused', refused, 'ECONNREFUSED'],
  ['what wraps one', new Error('It failed.', { cause: refused }), 'ECONNREFUSED'],
  [
    'several addresses that were refused',
    Object.assign(new AggregateError([refused]), { code: 'ECONNREFUSED' }),
    'ECONNREFUSED',
  ],
  ['a programming error', new TypeError('x is not a function'), 'TypeError'],
  ['something that is no error', 'no', 'UnknownError'],
])('%s is named by its cause', (_, error, name) => {
  expect(causeName(error)).toBe(name);
});
