import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, CfnResource, Stack } from 'aws-cdk-lib';
import type { Stage } from './config/settings.ts';
import { filledIn } from './filled-in.ts';
import type { RelayStack } from './relay-stack.ts';

/**
 * Synthesises the app of a stage, and measures its templates against the limits of the services that a deploy would meet
 * half-way.
 *
 * @param synth what synthesises the app
 * @returns a line for each limit that is passed, with what to move to another stage; none if the stage can be deployed
 * @throws where the rule pack or the CDK refuses the app
 */
export function synthesizeWithinLimits(
  app: App,
  stage: Stage,
  synth: () => unknown = () => app.synth(),
): readonly string[] {
  try {
    synth();
  } catch (error) {
    // The CDK refuses some of these too, once the templates are written, and does not say what to move.
    const problems = limitProblems(app, stage);
    if (problems.length === 0) throw error;
    return problems;
  }
  return limitProblems(app, stage);
}

function limitProblems(app: App, stage: Stage): readonly string[] {
  const files = readdirSync(app.outdir).filter((name) => name.endsWith('.template.json'));
  const weights = resourcesByStream(app, stage);
  return files.flatMap((name) => {
    const text = readFileSync(join(app.outdir, name), 'utf8');
    return measures(JSON.parse(text) as Template, text, name.includes('.nested.'))
      .filter(({ is, limit }) => is > limit)
      .map(({ where, what, is, limit, taker, instead }) => {
        const advice = instead ?? streamsToMove(weights, (is - limit) / is);
        return `stages.${stage.name}${where}: ${what}: ${inThousands(is)}, and ${taker} takes ${inThousands(limit)}; ${advice}`;
      });
  });
}

interface Template {
  readonly Resources?: Readonly<Record<string, Resource>>;
  readonly Outputs?: object;
}

interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template's properties are looked at by path
  readonly Properties?: any;
}

interface Measure {
  /** Added to the stage's path. */
  readonly where: string;
  readonly what: string;
  readonly is: number;
  readonly limit: number;
  readonly taker: string;
  /** What to do, where moving streams is no remedy. */
  readonly instead?: string;
}

/**
 * @see CloudFormation user guide, "Understand CloudFormation quotas"; S3 user guide, "Bucket policies" and "Event
 * notification"; IAM user guide, "IAM and AWS STS quotas"; CloudWatch user guide, "CloudWatch service quotas"
 */
function measures(template: Template, text: string, nested: boolean): readonly Measure[] {
  const resources = Object.entries(template.Resources ?? {});
  const ofStack = nested ? 'a nested stack' : 'the stack';
  const cloudFormation = { where: '', taker: 'CloudFormation' };
  return [
    { ...cloudFormation, what: `resources of ${ofStack}`, is: resources.length, limit: 500 },
    {
      ...cloudFormation,
      what: `outputs of ${ofStack}`,
      is: Object.keys(template.Outputs ?? {}).length,
      limit: 200,
    },
    {
      ...cloudFormation,
      what: `bytes of ${ofStack}'s template`,
      is: Buffer.byteLength(text),
      limit: 1_000_000,
    },
    ...resources.flatMap(([id, resource]) => measuresOf(id, resource)),
  ];
}

function measuresOf(id: string, { Type: type, Properties: given }: Resource): readonly Measure[] {
  switch (type) {
    case 'AWS::S3::BucketPolicy':
      return [
        {
          where: '',
          what: "bytes of the bucket's policy",
          is: lengthOf(given.PolicyDocument),
          limit: 20_480,
          taker: 'S3',
        },
      ];
    case 'AWS::S3::Bucket':
      return [
        {
          where: '',
          what: 'notifications of the bucket, one for each destination with a copier',
          is: given.NotificationConfiguration?.QueueConfigurations?.length ?? 0,
          limit: 100,
          taker: 'S3',
        },
      ];
    case 'AWS::IAM::Role':
      return measuresOfRole(id, given);
    case 'AWS::CloudWatch::Dashboard':
      return measuresOfDashboard(filledIn(given.DashboardBody));
    default:
      return [];
  }
}

/** White space does not count. */
function measuresOfRole(id: string, given: Resource['Properties']): readonly Measure[] {
  const policies: readonly { readonly PolicyDocument: unknown }[] = given.Policies ?? [];
  const length = policies.reduce((sum, { PolicyDocument }) => sum + lengthOf(PolicyDocument), 0);
  const isOfReaders = id.startsWith('JournalReader');
  return [
    {
      where: '',
      what: `characters of the policies of the role ${id}`,
      is: length,
      limit: 10_240,
      taker: 'IAM',
      instead: 'give its stream fewer destinations',
    },
    {
      where: isOfReaders ? '.journalReaders' : '',
      what: `characters of the trust policy of the role ${id}`,
      is: lengthOf(given.AssumeRolePolicyDocument),
      limit: 2_048,
      taker: 'IAM',
      instead: 'let readers share a role',
    },
  ];
}

function measuresOfDashboard(body: string): readonly Measure[] {
  const { widgets } = JSON.parse(body) as { readonly widgets: readonly Widget[] };
  const metrics = widgets.map(({ properties }) => properties?.metrics?.length ?? 0);
  const cloudWatch = { where: '', taker: 'CloudWatch' };
  return [
    { ...cloudWatch, what: 'widgets of the dashboard', is: widgets.length, limit: 500 },
    { ...cloudWatch, what: 'metrics of a widget', is: Math.max(0, ...metrics), limit: 500 },
    {
      ...cloudWatch,
      what: 'metrics of the dashboard',
      is: metrics.reduce((sum, each) => sum + each, 0),
      limit: 2_500,
    },
  ];
}

interface Widget {
  readonly properties?: { readonly metrics?: readonly unknown[] };
}

function lengthOf(document: unknown): number {
  return filledIn(document).length;
}

/** How many of the root stack's resources each stream has, the largest first. */
function resourcesByStream(app: App, stage: Stage): readonly (readonly [name: string, resources: number])[] {
  const stack = app.node.children.find((child): child is RelayStack => Stack.isStack(child))!;
  const paths = stack.node
    .findAll()
    .filter((node) => CfnResource.isCfnResource(node) && Stack.of(node) === stack)
    .map(({ node }) => node.path);
  return stage.streams
    .map(({ name }) => [name, paths.filter((path) => path.includes(`/Streams/${name}/`)).length] as const)
    .toSorted(([, one], [, other]) => other - one);
}

/** The fewest streams that together have this share of what all streams have. */
function streamsToMove(weights: ReturnType<typeof resourcesByStream>, share: number): string {
  const all = weights.reduce((sum, [, weight]) => sum + weight, 0);
  const moved: string[] = [];
  let taken = 0;
  for (const [name, weight] of weights) {
    if (taken >= share * all) break;
    taken += weight;
    moved.push(`'${name}'`);
  }
  return `move ${moved.length === 1 ? 'the stream' : 'the streams'} ${moved.join(', ')} to another stage`;
}

function inThousands(count: number): string {
  return count.toLocaleString('en-US');
}
