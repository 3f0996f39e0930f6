import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { firstDestinations, firstStage } from '../../cli/init/first-stage.ts';

const root = join(import.meta.dirname, '../..');
const pageOf = (path: string) => readFileSync(join(root, path), 'utf8');

const title = '## From nothing to the first event in Splunk\n';
const page = pageOf('docs/deploy.md');
const part = page.slice(page.indexOf(title) + title.length).split(/^## /m)[0]!;
const steps = [...part.matchAll(/^(\d+)\. ((?:(?!^\d+\. )[\s\S])*)/gm)].map(([, number, text]) => ({
  number: Number(number),
  text: text!,
}));

test('from nothing to the first event in Splunk there are 12 steps and 8 values at most', () => {
  const values = [...part.matchAll(/^\| (\d+) \| (.+?) \| /gm)].map(([, number]) => Number(number));

  expect(page).toContain(title);
  expect(steps.map(({ number }) => number)).toEqual(steps.map((_, place) => place + 1));
  expect(steps.length).toBeGreaterThan(5);
  expect(steps.length).toBeLessThanOrEqual(12);
  expect(values).toEqual(values.map((_, place) => place + 1));
  expect(values.length).toBeGreaterThan(5);
  expect(values.length).toBeLessThanOrEqual(8);
});

test('the doctor stands before the deploy, and after it', () => {
  const placesOf = (words: string) =>
    steps.filter(({ text }) => text.includes(words)).map(({ number }) => number);

  const [deploy, ...others] = placesOf('`npx cdk deploy`');
  expect(others).toEqual([]);
  const doctor = placesOf('npx relay doctor');
  expect(doctor.some((number) => number < deploy!)).toBe(true);
  expect(doctor.some((number) => number > deploy!)).toBe(true);
});

test('the lines that the steps have replaced are those that relay init marks', () => {
  const answers = {
    stage: 'prod',
    region: 'eu-west-1',
    types: ['cis'],
    every: '5 minutes',
    to: ['splunk'],
    environment: 'eu',
  } as const;
  const replaced = steps.find(({ text }) => text.includes('replace the'))!.text;

  const settings = [...Object.keys(firstDestinations(answers)[0]!), 'account'].filter(
    (name) => name !== 'kind',
  );
  expect([...replaced.matchAll(/`(\w+)`/g)].map(([, name]) => name).toSorted()).toEqual(settings.toSorted());
  expect(part).toContain(`--name ${firstStage(answers).secret} `);
  expect(part).toContain(
    `--name ${/:secret:(.+)-AbCdEf$/.exec(firstDestinations(answers)[0]!.secret!)![1]} `,
  );
});

test('README begins with the two commands of a clone, goes on with a relay of your own, and stays below 150 lines', () => {
  const readme = pageOf('README.md');
  const fences = [...readme.matchAll(/^```\n([\s\S]*?)^```/gm)].map(([, code]) => code!);
  const commands = fences.filter((code) => /^np[mx] /.test(code));

  expect(commands[0]).toBe('npm ci && npm start\nnpm ci && npm test\n');
  expect(commands[1]).toMatch(/^npx mosaic-siem-relay init /);
  expect(readme.split('\n').length - 1).toBeLessThan(150);
});
