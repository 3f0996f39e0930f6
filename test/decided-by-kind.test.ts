import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { destinationKinds } from '../infra/destinations/destination-kinds.ts';
import { decisionsByKind } from './decided-by-kind.ts';

const root = join(import.meta.dirname, '..');
const kinds = Object.keys(destinationKinds);

test('nothing is decided by the kind of a destination outside infra/destinations/', () => {
  const paths = globSync('{functions,infra,cli,local,packages,lab,bench}/**/*.ts', { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !path.startsWith('infra/destinations/') && !path.includes('node_modules'))
    // It reads the settings of a kept release, whose kinds nobody adds to.
    .filter((path) => path !== 'lab/faults/upgrade/first-streams.ts');

  expect(paths.length).toBeGreaterThan(300);
  expect(
    paths.flatMap((path) => decisionsByKind(path, readFileSync(join(root, path), 'utf8'), kinds)),
  ).toEqual([]);
});

describe('the rule notices', () => {
  test.each([
    "if (destination.kind === 'gcs') return;",
    "const leaves = each.kind !== 's3';",
    "if ('sentinel' === destination.kind) return;",
    "    case 'splunk':",
    "if (kinds.includes('openSearch')) return;",
    "if (['s3', 'gcs'].includes(destination.kind)) return;",
    "type Gcs = Extract<DestinationSettings, { readonly kind: 'gcs' }>;",
    "const metrics = {\n  splunk: 'DeliveryToSplunk',\n  s3: 'DeliveryToS3',\n}[kind];",
  ])('%s', (source) => {
    expect(decisionsByKind('cli/status.ts', source, kinds)).not.toEqual([]);
  });
});

describe('and lets pass', () => {
  test.each([
    "const destinations = [{ kind: 's3' }];",
    "if (service === 's3') return recogniseS3Call(request);",
    "if (outcome.kind === 'refused') return;",
    "if (target.protocol === 'google-storage') return;",
    '    Object.hasOwn(destinationKinds, kind)',
  ])('%s', (source) => {
    expect(decisionsByKind('cli/status.ts', source, kinds)).toEqual([]);
  });
});
