import { resolveCondition, resolveValue, type Scope } from '../../assembly/intrinsics.ts';
import type { Template } from '../../assembly/template.ts';
import type { DeployedResource, Deployment } from './deployment.ts';

/** The meaning of every name in one stack's template while the stack is being deployed. */
export function templateScope(options: {
  readonly template: Template;
  readonly stack: Pick<Deployment, 'stackName' | 'stackId' | 'accountId' | 'region'>;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Grows as the deployment proceeds. */
  readonly resources: ReadonlyMap<string, DeployedResource>;
  readonly readSecret: (id: string) => string;
}): Scope {
  const { template, stack, parameters, resources } = options;
  const pseudo: Readonly<Record<string, unknown>> = {
    'AWS::AccountId': stack.accountId,
    'AWS::NotificationARNs': [],
    'AWS::Partition': 'aws',
    'AWS::Region': stack.region,
    'AWS::StackId': stack.stackId,
    'AWS::StackName': stack.stackName,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  const resourceOf = (id: string) => {
    const resource = resources.get(id);
    if (resource === undefined) throw new Error(`${stack.stackName}: ${id} is no resource that exists`);
    return resource;
  };
  const scope: Scope = {
    ref: (name) => {
      if (Object.hasOwn(pseudo, name)) return pseudo[name];
      const parameter = template.Parameters?.[name];
      if (parameter === undefined) return resourceOf(name).physicalId;
      const value = parameters[name] ?? parameter.Default;
      // The type says that the default is the name of an SSM parameter, which nobody here has.
      if (value === undefined || parameter.Type.startsWith('AWS::SSM::'))
        throw new Error(`${stack.stackName}: parameter ${name} (${parameter.Type}) has no value here`);
      return value;
    },
    getAtt: (id, attribute) => {
      const { attributes, type } = resourceOf(id);
      if (!Object.hasOwn(attributes, attribute))
        throw new Error(`${stack.stackName}: nothing here knows ${attribute} of ${id} (${type})`);
      return attributes[attribute];
    },
    condition: (name) => {
      const condition = template.Conditions?.[name];
      if (condition === undefined) throw new Error(`${stack.stackName}: there is no condition ${name}`);
      return resolveCondition(condition, scope, `Conditions.${name}`);
    },
    mapping: (map, first, second) => {
      const value = template.Mappings?.[map]?.[first]?.[second];
      if (value === undefined) throw new Error(`${stack.stackName}: no mapping ${map}.${first}.${second}`);
      return value;
    },
    dynamicReference: (service, key) => readDynamic(service, key, options.readSecret),
  };
  return scope;
}

/** Resolves one resource's properties. */
export function resolveProperties(
  template: Template,
  logicalId: string,
  scope: Scope,
): Readonly<Record<string, unknown>> {
  const { Properties = {} } = template.Resources[logicalId]!;
  return resolveValue(Properties, scope, logicalId) as Record<string, unknown>;
}

/** `secret-id:SecretString:json-key`; the id may be an ARN, whose colons then come before. */
function readDynamic(service: string, key: string, readSecret: (id: string) => string): string {
  if (service !== 'secretsmanager') throw new Error(`nothing here resolves {{resolve:${service}:…}}`);
  const [, id = '', field = ''] = key.match(/^(.+?):SecretString(?::([^:]*))?:*$/) ?? [];
  if (id === '') throw new Error(`{{resolve:secretsmanager:${key}}} is not understood here`);
  const value = readSecret(id);
  return field === '' ? value : String((JSON.parse(value) as Record<string, unknown>)[field]);
}
