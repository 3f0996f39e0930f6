import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rewriteOrigins } from '../../../assembly/origins.ts';
import type { FunctionDefinition } from '../../lambda/function-definition.ts';
import {
  type Account,
  type Created,
  type ResourceFamily,
  type ResourceRequest,
  refuseOthers,
  textProperty,
} from '../resource-family.ts';

/** Functions: their code is copied, so that a later synth cannot change what runs. */
export const lambdaFunctions: Readonly<Record<string, ResourceFamily>> = {
  'AWS::Lambda::Function': {
    replacedBy: ['FunctionName', 'PackageType'],
    create: (request, account) => {
      const name = String(request.properties.FunctionName ?? request.generatedName);
      return register(request, account, name);
    },
    update: async (request, account) => {
      const { physicalId } = request.previous;
      const updated = register(request, account, physicalId);
      // Lambda gives up the processes of the old code and configuration; those at work end with what they do.
      await account.lambda.recycle(physicalId);
      return updated;
    },
    remove: async ({ physicalId, arn }, { lambda }) => {
      await lambda.recycle(physicalId);
      lambda.functions.remove(arn ?? '');
    },
  },
};

const known = [
  'Architectures',
  'Code',
  'DeadLetterConfig',
  'Description',
  'Environment',
  'FunctionName',
  'Handler',
  'KmsKeyArn',
  'LoggingConfig',
  'MemorySize',
  'ReservedConcurrentExecutions',
  'Role',
  'Runtime',
  'Tags',
  'Timeout',
  'TracingConfig',
];

function register(request: ResourceRequest, account: Account, name: string): Created {
  refuseOthers(request, known);
  const { logicalId, properties } = request;
  if (properties.Runtime !== 'nodejs24.x')
    throw new Error(`${logicalId}: nothing here runs ${String(properties.Runtime)}, only nodejs24.x`);
  const logging = properties.LoggingConfig as { readonly LogGroup?: string } | undefined;
  const deadLetter = properties.DeadLetterConfig as { readonly TargetArn: string } | undefined;
  const definition: FunctionDefinition = {
    logicalId,
    name,
    arn: `arn:aws:lambda:${account.region}:${account.accountId}:function:${name}`,
    version: '$LATEST',
    roleArn: textProperty(request, 'Role'),
    handler: textProperty(request, 'Handler'),
    codeDir: placeCode(request, account, name),
    environment: environmentOf(request, account),
    timeoutSeconds: Number(properties.Timeout ?? 3),
    memoryMb: Number(properties.MemorySize ?? 128),
    reservedConcurrency: optionalNumber(properties.ReservedConcurrentExecutions),
    logGroup: logging?.LogGroup ?? `/aws/lambda/${name}`,
    deadLetterArn: deadLetter?.TargetArn,
  };
  account.lambda.functions.put(definition);
  return { physicalId: name, arn: definition.arn, attributes: { Arn: definition.arn } };
}

function environmentOf(request: ResourceRequest, { hosts }: Account): Record<string, string> {
  const { Variables = {} } = (request.properties.Environment ?? {}) as {
    readonly Variables?: Readonly<Record<string, unknown>>;
  };
  return Object.fromEntries(
    Object.entries(Variables).map(([name, value]) => [
      name,
      rewriteOrigins(String(value), hosts, `${request.logicalId}.Environment.${name}`),
    ]),
  );
}

interface Code {
  readonly ZipFile?: string;
  readonly S3Key?: string;
}

/** Copies the asset's folder, or writes the template's inline code as CloudFormation does: `index.js`. */
function placeCode(
  { logicalId, properties, assetPath }: ResourceRequest,
  account: Account,
  name: string,
): string {
  const { ZipFile, S3Key } = (properties.Code ?? {}) as Code;
  // Without it a file `index.js` would be what a package.json further up says, in Lambda there is none.
  mkdirSync(account.codeDir, { recursive: true });
  writeFileSync(join(account.codeDir, 'package.json'), '{"type":"commonjs"}');
  const dir = join(account.codeDir, name, (S3Key ?? 'inline').replace(/\.zip$/, ''));
  mkdirSync(dir, { recursive: true });
  if (ZipFile !== undefined) writeFileSync(join(dir, 'index.js'), ZipFile);
  else if (S3Key !== undefined) cpSync(assetPath(S3Key), dir, { recursive: true });
  else throw new Error(`${logicalId}.Code names neither an asset nor inline code`);
  return dir;
}

function optionalNumber(value: unknown): number | undefined {
  return value === undefined ? undefined : Number(value);
}
