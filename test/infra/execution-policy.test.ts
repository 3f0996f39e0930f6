import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DestinationSettings } from '../../infra/destinations/destination-kinds.ts';
import { destinationKinds } from '../../infra/destinations/destination-kinds.ts';
import { moreDestinations, turns } from '../../local/run/settings/more-destinations.ts';
import handlers from './handler-permissions.json' with { type: 'json' };
import { notGranted, unasked, unnamed } from './not-granted.ts';
import { inFolder, stageOf, stageSettings, type Template, templatesOf } from './synthesized.ts';

const docs = join(import.meta.dirname, '../../docs');
const files = readdirSync(join(docs, 'deploy')).filter((name) => /^execution-policy-\d+\.json$/.test(name));
const policies = files.map((name) => readFileSync(join(docs, 'deploy', name), 'utf8'));
const statements = policies.flatMap((text) => (JSON.parse(text) as Policy).Statement);

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html white space does not count */
const mostCharacters = 6_144;

describe('the policies of the deployer', () => {
  test('are below the size of a managed policy, in the region with the longest name', () => {
    expect(files).toEqual(files.map((_, index) => `execution-policy-${index + 1}.json`));
    for (const text of policies) {
      const written = JSON.stringify(JSON.parse(filledIn(text)));
      expect(written.length).toBeLessThan(mostCharacters);
    }
  });

  test('are made and named by the commands of docs/deploy.md', () => {
    inFolder((folder) => {
      const { created, bootstrapped } = runCommands(folder);
      expect(Object.values(created).map((text) => JSON.parse(text))).toEqual(
        policies.map((text) => JSON.parse(filledIn(text, 'eu-west-1'))),
      );
      expect(bootstrapped.split(',')).toEqual(
        Object.keys(created).map((name) => `arn:aws:iam::111122223333:policy/${name}`),
      );
    });
  });

  test.each(
    Object.keys(destinationKinds).flatMap((kind) =>
      encryptions.map((encryption) => [kind, encryption] as const),
    ),
  )('allow what handlers of a stage with %s and %s keys ask for', (kind, encryption) => {
    const types = typesWith(kind, encryption);
    expect(types).toContain('AWS::KinesisFirehose::DeliveryStream');
    expect(types.includes('AWS::KMS::Key')).toBe(encryption === 'customer-managed');
    expect(types.flatMap(missingFor)).toEqual([]);
  });

  test('let the deploy read the secrets that a template resolves, by the names that the docs give them', () => {
    const resolving = everyKind.filter(({ kind }) => textOf(kind).includes('{{resolve:secretsmanager:'));
    expect(resolving.map(({ kind }) => kind)).toEqual(['sumoLogic']);
    const secret = `arn:aws:secretsmanager:${at}:secret:mosaic-siem-relay/prod/sumo-AbCdEf`;
    const allows = (action: string, resource: string) =>
      statements.some(
        ({ Action, Resource }) =>
          [Action].flat().includes(action) && [Resource].flat().some((pattern) => matches(pattern, resource)),
      );
    expect(allows('secretsmanager:GetSecretValue', secret)).toBe(true);
    expect(allows('secretsmanager:GetSecretValue', secret.replace('sumo', 'splunk'))).toBe(false);
  });

  test('leave nothing out for a reason that no handler gives', () => {
    const idle = notGranted.filter(
      (reason) => !asked().some(([type, action]) => reasonCovers(reason, type, action)),
    );
    expect(idle).toEqual([]);
  });

  test('allow nothing that the list leaves out for every type that asks for it', () => {
    const wanted = asked().filter(
      ([type, action]) => !notGranted.some((reason) => reasonCovers(reason, type, action)),
    );
    const isWanted = new Set(wanted.map(([, action]) => action));
    const left = new Set(asked().flatMap(([, action]) => (isWanted.has(action) ? [] : [action])));
    const granted = statements.flatMap(({ Action }) => [Action].flat()).filter((action) => left.has(action));
    // DynamoDB and Firehose call it in the name of whoever makes the resource, as GenerateDataKeyWithoutPlaintext.
    expect(granted).toEqual(['kms:GenerateDataKey']);
  });

  test('allow no action that no handler asks for, but for what stands in the list with its reason', () => {
    const known = new Set(asked().map(([, action]) => action));
    const more = statements.flatMap(({ Action }) => [Action].flat()).filter((one) => !known.has(one));
    expect(more.sort()).toEqual(Object.keys(unasked).sort());
  });

  test("reach nothing but the relay's own, where an action knows a resource", () => {
    for (const { Effect, Action, Resource } of statements) {
      expect(Effect).toBe('Allow');
      expect([Action].flat().join()).not.toContain('*');
      if (Resource === '*') {
        for (const action of [Action].flat()) expect(Object.keys(unnamed)).toContain(action);
      } else {
        for (const resource of [Resource].flat()) expect(resource).toMatch(own);
      }
    }
  });
});

const encryptions = ['customer-managed', 'aws-owned'] as const;
type Encryption = (typeof encryptions)[number];

/** Keys and event source mappings have no names; the two calls that see log groups are asked with a prefix. */
const own =
  /[:/]mosaic-(relay-|siem-relay\/)|cdk-hnb659fds-assets|cdk-bootstrap\/hnb659fds\/version$|:key\/\*$|:event-source-mapping:\*$|:log-group:\*$/;

interface Policy {
  readonly Statement: readonly {
    readonly Effect: string;
    readonly Action: string | readonly string[];
    readonly Resource: string | readonly string[];
    readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  }[];
}

function filledIn(text: string, region = 'ap-southeast-1'): string {
  return text.replaceAll('ACCOUNT', '111122223333').replaceAll('REGION', region);
}

/** Runs the commands of the docs that begin with the policies, with `aws` and `npx` that write down what they get. */
function runCommands(folder: string): {
  readonly created: Record<string, string>;
  readonly bootstrapped: string;
} {
  const text = readFileSync(join(docs, 'deploy.md'), 'utf8');
  const block = /```sh\n([^`]*execution-policy[^`]*)```/.exec(text)?.[1] ?? '';
  const told = join(folder, 'told');
  mkdirSync(told);
  const packaged = join(folder, 'node_modules/mosaic-siem-relay/docs/deploy');
  mkdirSync(packaged, { recursive: true });
  for (const [index, name] of files.entries()) writeFileSync(join(packaged, name), policies[index]!);
  const doubles = `
    aws() { [ "$1 $2 $3" = 'iam create-policy --policy-name' ] && cat "\${6#file://}" > "$TOLD/$4"; }
    npx() { for one; do case $one in *policy/*) printf %s "$one" > "$TOLD.bootstrap";; esac; done; }
  `;
  execFileSync('bash', ['-euc', `${doubles}\n${block}`], {
    cwd: folder,
    env: { ...process.env, TOLD: told },
  });
  return {
    created: Object.fromEntries(
      readdirSync(told)
        .sort()
        .map((name) => [name, readFileSync(join(told, name), 'utf8')]),
    ),
    bootstrapped: readFileSync(`${told}.bootstrap`, 'utf8'),
  };
}

const region = 'us-east-1';
const account = '111122223333';
const everyKind = Array.from({ length: turns }, (_, place) =>
  moreDestinations({ name: 'one', place, kinds: [] }, { account, region }, { count: 3, turn: 0 }),
).flat();

function typesWith(kind: string, encryption: Encryption): readonly string[] {
  const resources = templatesWith(kind, encryption).flatMap((one) => Object.values(one.Resources));
  return [...new Set(resources.map(({ Type }) => Type))];
}

function textOf(kind: string): string {
  return JSON.stringify(templatesWith(kind));
}

/** Of a stage in which everything is on that makes a resource of its own; each is synthesised once. */
function templatesWith(kind: string, encryption: Encryption = 'customer-managed'): readonly Template[] {
  const name = `${kind} ${encryption}`;
  const templates = synthesized.get(name) ?? synthesizedWith(kind, encryption);
  synthesized.set(name, templates);
  return templates;
}

const synthesized = new Map<string, readonly Template[]>();

function synthesizedWith(kind: string, encryption: Encryption): readonly Template[] {
  const destination = everyKind.find((one) => one.kind === kind) as unknown as DestinationSettings;
  const stage = stageOf(
    stageSettings({
      region,
      account,
      encryption,
      journalReaders: [`arn:aws:iam::${account}:role/reader`],
      alarms: { subscriptions: [{ protocol: 'email', endpoint: 'soc@acme.test' }] },
      streams: [
        { id: 'one', type: 'cis', destinations: [destination], reservedConcurrency: 2, witness: 'recover' },
      ],
    }),
  );
  return [...templatesOf(stage).values()];
}

function missingFor(type: string): readonly string[] {
  if (type.startsWith('Custom::')) return [];
  if (!Object.hasOwn(handlers, type)) return [`handler-permissions.json does not have ${type}`];
  return asked()
    .filter(([of]) => of === type)
    .filter(([, action]) => !notGranted.some((reason) => reasonCovers(reason, type, action)))
    .filter(([, action]) => !isGranted(type, action))
    .map(([, action]) => `${type}: ${action}`);
}

function reasonCovers(reason: (typeof notGranted)[number], type: string, action: string): boolean {
  return (reason.type ?? type) === type && reason.actions.test(action);
}

function asked(): readonly (readonly [type: string, action: string])[] {
  return Object.entries(handlers).flatMap(([type, calls]) =>
    [...new Set(Object.values(calls).flat())].map((action) => [type, action.replace(/^S3:/, 's3:')] as const),
  );
}

/** An action counts for a type by a statement whose resource is the type's, or of the service that the action is of. */
function isGranted(type: string, action: string): boolean {
  const [service] = action.split(':') as [string];
  const resource = service === serviceOf(type) ? examples[type] : neighbours[service];
  return statements.some(
    ({ Action, Resource, Condition }) =>
      [Action].flat().includes(action) &&
      [Resource].flat().some((pattern) => resource !== undefined && matches(pattern, resource)) &&
      isOpenTo(type, Condition),
  );
}

function isOpenTo(type: string, condition: Policy['Statement'][number]['Condition']): boolean {
  const { 'kms:ViaService': via, 'iam:PassedToService': passed } = condition?.StringEquals ?? {};
  const of = (values: readonly string[], name: string) =>
    values.some((value) => value.startsWith(`${name}.`));
  if (via !== undefined) return of([via].flat(), serviceOf(type));
  return passed === undefined || of([passed].flat(), serviceOf(type));
}

function serviceOf(type: string): string {
  const service = type.split('::')[1]!.toLowerCase();
  return service === 'kinesisfirehose' ? 'firehose' : service;
}

function matches(pattern: string, resource: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`).test(resource);
}

const at = 'REGION:ACCOUNT';
const alarm = `arn:aws:cloudwatch:${at}:alarm:mosaic-relay-prod-cis-Failing`;
const bucket = 'arn:aws:s3:::mosaic-relay-prod-1';
const queue = `arn:aws:sqs:${at}:mosaic-relay-prod-Queue`;
const topic = `arn:aws:sns:${at}:mosaic-relay-prod-Topic`;
const called = `arn:aws:lambda:${at}:function:mosaic-relay-prod-cis`;

/** One ARN of each type, as the templates name it. */
const examples: Readonly<Record<string, string>> = {
  'AWS::CloudFormation::Stack': `arn:aws:cloudformation:${at}:stack/mosaic-relay-prod-Nested/1`,
  'AWS::CloudWatch::Alarm': alarm,
  'AWS::CloudWatch::CompositeAlarm': alarm,
  'AWS::CloudWatch::Dashboard': 'arn:aws:cloudwatch::ACCOUNT:dashboard/mosaic-relay-prod',
  'AWS::DynamoDB::Table': `arn:aws:dynamodb:${at}:table/mosaic-relay-prod-Table`,
  'AWS::IAM::Role': 'arn:aws:iam::ACCOUNT:role/mosaic-relay-prod-Role',
  'AWS::KMS::Key': `arn:aws:kms:${at}:key/1`,
  'AWS::KinesisFirehose::DeliveryStream': `arn:aws:firehose:${at}:deliverystream/mosaic-relay-prod-cis-s3-1`,
  'AWS::Lambda::EventInvokeConfig': called,
  'AWS::Lambda::EventSourceMapping': `arn:aws:lambda:${at}:event-source-mapping:1`,
  'AWS::Lambda::Function': called,
  'AWS::Logs::LogGroup': `arn:aws:logs:${at}:log-group:/mosaic-siem-relay/prod/cis`,
  'AWS::Logs::LogStream': `arn:aws:logs:${at}:log-group:/mosaic-siem-relay/prod/cis:log-stream:delivery`,
  'AWS::S3::Bucket': bucket,
  'AWS::S3::BucketPolicy': bucket,
  'AWS::SNS::Subscription': `${topic}:1`,
  'AWS::SNS::Topic': topic,
  'AWS::SNS::TopicPolicy': topic,
  'AWS::SQS::Queue': queue,
  'AWS::SQS::QueuePolicy': queue,
  'AWS::Scheduler::Schedule': `arn:aws:scheduler:${at}:schedule/mosaic-relay-prod/cis-collect`,
  'AWS::Scheduler::ScheduleGroup': `arn:aws:scheduler:${at}:schedule-group/mosaic-relay-prod`,
};

/** What a handler asks of another service than its type's. */
const neighbours: Readonly<Record<string, string>> = {
  iam: examples['AWS::IAM::Role']!,
  kms: examples['AWS::KMS::Key']!,
  s3: 'arn:aws:s3:::cdk-hnb659fds-assets-ACCOUNT-REGION/asset.zip',
};
