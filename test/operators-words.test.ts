import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { textsOf, unwantedIn } from './operators-words.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Pages for whoever runs the relay. Others are for whoever changes it. */
const pages = [
  'README.md',
  ...[
    'runbook',
    'commands',
    'deploy',
    'replay',
    'restore-table',
    'destinations',
    'splunk',
    'gcs',
    'sentinel',
    'opensearch',
    'views',
    'personal-data',
    'witness',
    'detections',
    'upgrade',
  ].map((page) => `docs/${page}.md`),
];

test('the words of the glossary stand wherever an operator reads: in commands, alarms, dashboard, page and local run', () => {
  const sources = globSync('{cli,infra,local}/**/*.ts', { cwd: root }).filter(
    (path) => !path.includes('node_modules'),
  );
  const texts = sources.flatMap((path) => textsOf(read(path)).map((text) => ({ path, text })));

  expect(sources.length).toBeGreaterThan(300);
  expect(texts.length).toBeGreaterThan(5_000);
  expect(texts.flatMap(({ path, text }) => unwantedIn(text).map((found) => `${path}: ${found}`))).toEqual([]);
});

test("the words of the glossary stand in the operators' pages and in the local run's page", () => {
  const found = [...pages, ...globSync('local/page/**/*.html', { cwd: root })].flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line) => unwantedIn(line).map((problem) => `${path}: ${problem}`)),
  );

  expect(found).toEqual([]);
});

test("no member of a command's JSON has an unwanted name", () => {
  const sources = globSync('cli/**/*.ts', { cwd: root });

  expect(sources.filter((path) => /\breadonly (mend|standIn|lane)\b/.test(read(path)))).toEqual([]);
});

test('texts are found in strings and templates alone', () => {
  const template = ['`two $', "{c('three', `four $", '{{ d: 1 }.d}`)} five`'].join('');
  const source = `const a = 'one'; // 'no'\n/* 'no' */ const b = ${template}; const e = /'no/; f("it's");`;

  expect(textsOf(source)).toEqual(['one', 'two ', 'three', 'four ', '', ' five', "it's"]);
  expect(unwantedIn('It comes back by itself')).toHaveLength(1);
  expect(unwantedIn('It recovers by itself')).toEqual([]);
});
