import {
  CloudFormationClient,
  DescribeChangeSetCommand,
  GetTemplateCommand,
  paginateListStackResources,
  type ResourceChange,
} from '@aws-sdk/client-cloudformation';
import { explainingFailure } from '../access/explain-failure.ts';
import { regionOf } from '../access/stack-on-aws.ts';
import { CommandError } from '../command.ts';
import type { Change } from './change.ts';
import { nameOf, placeOf } from './compare-templates.ts';
import { flattened, parseTemplate, type Template } from './template-file.ts';

/** What CloudFormation knows of a stage's stack. Nothing is changed. */
export interface StackOnAws {
  /** The template that is deployed, with those of the stacks within it. */
  template(): Promise<Template>;
  /** What a change set would do, as CloudFormation itself says. */
  changeSet(name: string): Promise<readonly Change[]>;
  close(): void;
}

/** @throws {CommandError} without a region */
export async function openStackOnAws(stackName: string, region: string | undefined): Promise<StackOnAws> {
  const client = new CloudFormationClient(region === undefined ? {} : { region });
  const where = await regionOf(client, stackName);
  const asked = <Value>(sought: string, effect: () => Promise<Value>): Promise<Value> =>
    explainingFailure({ sought, where }, () => named(sought, where, effect));
  return {
    template: () => asked(`stack ${stackName}`, () => templateOf(client, stackName)),
    changeSet: (name) =>
      asked(`change set ${name} of stack ${stackName}`, () => changesOf(client, stackName, name)),
    close: () => client.destroy(),
  };
}

async function named<Value>(sought: string, where: string, effect: () => Promise<Value>): Promise<Value> {
  try {
    return await effect();
  } catch (error) {
    if (!(error instanceof Error && /^(ValidationError|ChangeSetNotFound\w*)$/.test(error.name))) throw error;
    throw new CommandError(
      `there is no ${sought} in ${where}; see whether --stage, --region and the credentials are right`,
    );
  }
}

async function templateOf(client: CloudFormationClient, stackName: string): Promise<Template> {
  const { TemplateBody = '' } = await client.send(
    new GetTemplateCommand({ StackName: stackName, TemplateStage: 'Original' }),
  );
  const template = parseTemplate(TemplateBody, `the template of stack ${stackName}`);
  const inner = new Map<string, string>();
  for await (const page of paginateListStackResources({ client }, { StackName: stackName })) {
    for (const {
      LogicalResourceId: id,
      PhysicalResourceId: arn,
      ResourceType: type,
    } of page.StackResourceSummaries ?? [])
      if (type === 'AWS::CloudFormation::Stack' && id && arn) inner.set(id, arn);
  }
  return flattened(template, async (id) => {
    const arn = inner.get(id);
    return arn === undefined ? undefined : templateOf(client, arn);
  });
}

async function changesOf(
  client: CloudFormationClient,
  stackName: string,
  name: string,
): Promise<readonly Change[]> {
  const { Resources } = await templateOf(client, stackName);
  const changes: Change[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      // A change set of an inner stack is named by its ARN, and then the stack is not asked for.
      new DescribeChangeSetCommand({
        ChangeSetName: name,
        ...(name.startsWith('arn:') ? {} : { StackName: stackName }),
        ...(token && { NextToken: token }),
      }),
    );
    for (const { ResourceChange: one } of page.Changes ?? []) {
      if (one === undefined) continue;
      changes.push(changeOf(one, Resources));
      if (one.ChangeSetId && one.PhysicalResourceId)
        changes.push(...(await changesOf(client, one.PhysicalResourceId, one.ChangeSetId)));
    }
    token = page.NextToken;
  } while (token !== undefined);
  return changes;
}

function changeOf(one: ResourceChange, deployed: Template['Resources']): Change {
  const { LogicalResourceId: id = '', ResourceType: type = '', Details = [], PolicyAction = '' } = one;
  const before = deployed[id];
  const properties = Details.flatMap(({ Target }) =>
    Target?.Attribute === 'Properties' ? (Target.Name ?? []) : (Target?.Attribute ?? []),
  );
  return {
    action: actionOf(one),
    type,
    name: before === undefined ? id : nameOf(id, before),
    within: before === undefined ? id : placeOf(id, before),
    properties: [...new Set(properties)],
    kept: PolicyAction.includes('Retain'),
    ...(before !== undefined && { before }),
  };
}

function actionOf({ Action, Replacement }: ResourceChange): Change['action'] {
  if (Action === 'Add' || Action === 'Import') return 'added';
  if (Action === 'Remove') return 'removed';
  if (Replacement === 'True') return 'replaced';
  return Replacement === 'Conditional' || Action === 'Dynamic' ? 'perhaps replaced' : 'changed';
}
