import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadCommands } from '../../../cli/commands.ts';
import { type Answers, environments, kinds } from '../../../cli/init/answers.ts';
import { destinationChoices } from '../../../cli/init/destination-choices.ts';
import { projectFiles } from '../../../cli/init/project-files.ts';
import { eventTypes } from '../../../functions/collector/contract.ts';
import { exampleValues } from '../../../infra/config/example-values.ts';
import { readStages } from '../../../infra/config/read-stages.ts';
import { regions } from '../../../infra/config/regions.ts';
import { destinationKinds } from '../../../infra/destinations/destination-kinds.ts';
import { stagesIn } from './made.ts';

const root = join(import.meta.dirname, '../../..');

const answers: fc.Arbitrary<Answers> = fc.record({
  stage: fc.stringMatching(/^[a-z][a-z0-9-]{0,15}$/),
  region: fc.constantFrom(...regions),
  types: fc.subarray([...eventTypes], { minLength: 1 }),
  every: fc.oneof(
    fc.integer({ min: 1, max: 4_320 }).map((count) => `${count} minutes`),
    fc.constantFrom('1 hour', '1 day', '3 days'),
  ),
  to: fc.subarray([...kinds], { minLength: 1, maxLength: 8 }),
  environment: fc.constantFrom(...environments, 'https://api.mosaic.acme.test'),
});

function filesOf(given: Partial<Answers>) {
  const all = {
    stage: 'dev',
    region: 'us-east-1',
    types: ['cis'],
    every: '5 minutes',
    to: ['s3'],
    environment: 'eu',
  } as const;
  return projectFiles({ ...all, ...given }, { name: 'siem', relay: '1.0.0' });
}

test('whatever is answered, the settings hold only what was asked, and are right', () => {
  fc.assert(
    fc.property(answers, (given) => {
      const stages = stagesIn(filesOf(given)['stages.ts']!);

      const read = readStages(stages);

      expect('problems' in read ? read.problems : []).toEqual([]);
      const [stage, ...others] = 'stages' in read ? read.stages : [];
      expect(others).toEqual([]);
      expect(stage?.name).toBe(given.stage);
      expect(stage?.streams.map(({ type }) => type).toSorted()).toEqual(given.types.toSorted());
      for (const { destinations } of stage?.streams ?? [])
        expect(destinations.map(({ kind }) => kind).toSorted()).toEqual(given.to.toSorted());
      expect(Object.keys(stages[given.stage]!)).toEqual([
        'environment',
        'secret',
        'account',
        'region',
        'streams',
      ]);
    }),
    { numRuns: 60 },
  );
});

/** Settings that must be said, and for which a value was chosen that may be right. */
const guessed = ['datadog.site', 'newRelic.site', 'openSearch.index', 'sentinel.table'];

describe.each(kinds)('what is written for %s', (kind) => {
  const { example, says, page } = destinationChoices.find((choice) => choice.kind === kind)!;
  const settings = Object.keys(example).filter((name) => name !== 'kind');

  test('is right by its own schema, and nothing of it can be left out', () => {
    const schema = destinationKinds[kind as keyof typeof destinationKinds];

    expect(schema.safeParse(example).error).toBeUndefined();
    for (const name of settings) {
      const less = Object.fromEntries(Object.entries(example).filter(([each]) => each !== name));
      expect(schema.safeParse(less).success, name).toBe(false);
    }
  });

  test('is an example that a deploy refuses, but for what may be right', () => {
    const refused = settings.filter(
      (name) => exampleValues({ [name]: example[name] }, 'stages.dev').length > 0,
    );

    expect(settings.filter((name) => !refused.includes(name))).toEqual(
      guessed.flatMap((path) => (path.startsWith(`${kind}.`) ? [path.split('.')[1]] : [])),
    );
  });

  test('is marked in the settings where it is an example, and explained in the README', () => {
    const files = filesOf({ to: [kind] });
    const marked = files['stages.ts']!.split('\n').filter((line) =>
      line.endsWith('// an example: give your own'),
    );
    const isExample = (name: string) => exampleValues({ [name]: example[name] }, 'stages.dev').length > 0;

    expect(marked.map((line) => line.trim().split(':')[0])).toEqual([
      'account',
      ...settings.filter(isExample),
    ]);
    for (const name of settings)
      expect(files['README.md']).toContain(`| \`${name}\` | ${says[name]!.replaceAll('|', '\\|')} |`);
    if (page !== undefined) expect(existsSync(join(root, page)), page).toBe(true);
  });

  test('has its secret created by a command of the README, with the members that it must have', () => {
    const readme = filesOf({ to: [kind], stage: 'prod' })['README.md']!;
    const member = /\{"(\w+)": "…"/.exec(says.secret ?? '')?.[1];

    expect(settings.includes('secret')).toBe(member !== undefined);
    const created = [...readme.matchAll(/create-secret .* --name (\S+) /g)].map(([, name]) => name);
    const own = member === undefined ? [] : [/:secret:(.+)-AbCdEf$/.exec(example.secret!)?.[1]];
    expect(created).toEqual(['mosaic-siem-relay/prod', ...own]);
    if (member !== undefined) expect(readme).toContain(`echo '{"${member}": "…"`);
  });
});

test('every command of the README exists with its flags, and so does every page that it links', async () => {
  const readme = filesOf({ stage: 'prod', to: [...kinds].slice(0, 8) })['README.md']!;
  const tables = new Map((await loadCommands()).map(({ name, table }) => [name, table]));
  const commands = [...readme.matchAll(/npx relay ([a-z-]+)((?: --?[a-z]+ [a-z0-9-]+)*)/g)];

  expect(commands.length).toBeGreaterThan(3);
  for (const [, name = '', flags = ''] of commands)
    for (const [, flag = ''] of flags.matchAll(/--([a-z]+)/g))
      expect(Object.keys(tables.get(name)?.flags ?? {}), `${name} --${flag}`).toContain(flag);
  for (const [, page = ''] of readme.matchAll(/\(node_modules\/mosaic-siem-relay\/([^)#]+)/g))
    expect(existsSync(join(root, page)), page).toBe(true);
  for (const [, anchor = ''] of readme.matchAll(/docs\/deploy\.md#([^)]+)\)/g)) {
    const headings = readFileSync(join(root, 'docs/deploy.md'), 'utf8').matchAll(/^#+ (.+)$/gm);
    expect([...headings].map(([, text]) => text!.toLowerCase().replaceAll(' ', '-'))).toContain(anchor);
  }
});
