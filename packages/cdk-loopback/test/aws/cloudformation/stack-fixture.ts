import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAssembly, type StackAssembly } from '../../../assembly/read-assembly.ts';
import {
  type LocalAccount,
  type LocalAccountOptions,
  startLocalAccount,
} from '../../../aws/local-account.ts';
import { createVirtualClock } from '../../../clock/virtual-clock.ts';

export const startAt = Date.parse('2026-03-01T00:00:00Z');

/** Writes an assembly as the CDK would, of one stack. */
export function writeAssembly(
  dir: string,
  template: object,
  assets: Readonly<Record<string, Readonly<Record<string, string>> | string>> = {},
): void {
  mkdirSync(dir, { recursive: true });
  const files = Object.entries(assets).map(([key, content]) => {
    const path = `asset.${key}`;
    if (typeof content === 'string') {
      writeFileSync(join(dir, path), content);
    } else {
      mkdirSync(join(dir, path), { recursive: true });
      for (const [name, text] of Object.entries(content)) writeFileSync(join(dir, path, name), text);
    }
    return [key, { source: { path }, destinations: { here: { bucketName: 'assets', objectKey: key } } }];
  });
  const write = (name: string, value: object) => writeFileSync(join(dir, name), JSON.stringify(value));
  write('small.template.json', template);
  write('small.assets.json', { files: Object.fromEntries(files) });
  write('manifest.json', {
    artifacts: {
      'small.assets': { type: 'cdk:asset-manifest', properties: { file: 'small.assets.json' } },
      small: {
        type: 'aws:cloudformation:stack',
        environment: 'aws://unknown-account/unknown-region',
        properties: { templateFile: 'small.template.json' },
      },
    },
  });
}

export interface StackFixture {
  readonly account: LocalAccount;
  readonly dir: string;
  /** Reads a template as a stack of an assembly. */
  stack(template: object, assets?: Parameters<typeof writeAssembly>[2]): StackAssembly;
  close(): Promise<void>;
}

export async function startStackFixture(options: Partial<LocalAccountOptions> = {}): Promise<StackFixture> {
  const dir = mkdtempSync(join(tmpdir(), 'stack-'));
  const clock = createVirtualClock({ startAt });
  const account = await startLocalAccount({
    accountId: '123456789012',
    region: 'us-east-1',
    clock,
    hosts: {},
    workDir: join(dir, 'work'),
    ...options,
  });
  let count = 0;
  return {
    account,
    dir,
    stack(template, assets) {
      const assembly = join(dir, `assembly-${++count}`);
      writeAssembly(assembly, template, assets);
      return readAssembly(assembly);
    },
    async close() {
      await account.close();
      clock.close();
      rmSync(dir, { recursive: true });
    },
  };
}

const lambdaActions = ['logs:CreateLogStream', 'logs:PutLogEvents', 'lambda:InvokeFunction'];

/** For Lambda and Scheduler, to run and call functions. */
export const role = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: ['lambda', 'scheduler', 'firehose'].map((service) => ({
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: `${service}.amazonaws.com` },
      })),
    },
    Policies: [
      {
        PolicyName: 'all',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: lambdaActions, Resource: '*' }],
        },
      },
    ],
  },
};

/** A role, and a function of inline code. */
export function functionResources(code: string, changes: object = {}): Record<string, object> {
  return {
    Role: role,
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { ZipFile: code },
        Handler: 'index.handler',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Runtime: 'nodejs24.x',
        MemorySize: 256,
        ...changes,
      },
    },
  };
}

/**
 * Answers CloudFormation as the resource's property `Answer` says (`ok`, `fail`, `fail-update`, `nothing`), with `Id`
 * as the physical id, and prints what it was asked.
 */
export const customResourceCode = `exports.handler = async (event) => {
  const { ResponseURL, StackId, RequestId, LogicalResourceId, ResourceProperties: asked } = event;
  console.log(JSON.stringify({ ...event, ResponseURL: undefined, StackId: undefined, RequestId: undefined }));
  if (asked.Answer === 'nothing') throw new Error('planted');
  const failed = asked.Answer === 'fail' && event.RequestType !== 'Delete' ||
    asked.Answer === 'fail-update' && event.RequestType === 'Update';
  const body = JSON.stringify({
    Status: failed ? 'FAILED' : 'SUCCESS', Reason: failed ? 'planted' : undefined,
    PhysicalResourceId: asked.Id, StackId, RequestId, LogicalResourceId: asked.WrongId ?? LogicalResourceId, Data: { Value: asked.Id + '!' },
  });
  await fetch(ResponseURL, { method: 'PUT', body: Buffer.from(body) });
};`;

export function customResource(properties: object, changes: object = {}): object {
  return {
    Type: 'Custom::Thing',
    Properties: { ServiceToken: { 'Fn::GetAtt': ['Function', 'Arn'] }, ...properties },
    ...changes,
  };
}
