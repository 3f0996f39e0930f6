import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mutations } from './mutations.ts';

const root = join(import.meta.dirname, '../..');

test.each(mutations.map((each) => [each.name, each] as const))(
  'each text that it changes is in its file once: %s',
  (_, { file, from, also, noticedBy = [] }) => {
    const source = readFileSync(join(root, 'functions/collector', file), 'utf8');

    for (const text of [from, ...(also === undefined ? [] : [also.from])])
      expect(source.split(text)).toHaveLength(2);
    for (const name of noticedBy) expect(existsSync(join(root, `test/${name}.test.ts`))).toBe(true);
  },
);
