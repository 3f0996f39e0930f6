import { globSync } from 'node:fs';
import { join } from 'node:path';

/** An `aws` command as a page has it. */
export interface AwsCommand {
  readonly service: string;
  readonly operation: string;
  /** Without their dashes. */
  readonly options: readonly string[];
}

/** The `aws` commands of a shell text. */
export function awsCommandsIn(code: string): readonly AwsCommand[] {
  const lines = code.replaceAll(/\\\n/g, ' ').replaceAll(/\s#.*$/gm, '');
  return [...lines.matchAll(/\baws ([a-z0-9]+) ([a-z0-9-]+)([^|;&\n]*)/g)].map(
    ([, service, operation, rest]) => ({
      service: service!,
      operation: operation!,
      options: [...rest!.matchAll(/\s--([a-z0-9-]+)/g)].map(([, option]) => option!),
    }),
  );
}

/**
 * What of a command does not exist, by the operations and input members of AWS's own client for JavaScript; undefined
 * where all of it does. The command line's names are those of the API, in lower case with hyphens.
 */
export async function wrongOfAws({ service, operation, options }: AwsCommand): Promise<string | undefined> {
  const known = beside[`${service} ${operation}`] ?? (await inputOf(service, operation));
  if (known === undefined) return `there is no ${service} ${operation}`;
  const names = [...known, ...everywhere].map(joined);
  const wrong = options.find(
    (option) => !names.includes(joined(option)) && !names.includes(joined(option.replace(/^no-/, ''))),
  );
  return wrong === undefined ? undefined : `${service} ${operation} has no --${wrong}`;
}

const everywhere = ['region', 'query', 'output'];

/** Commands of the command line's own, and of IAM, whose client is not installed. */
const beside: Readonly<Record<string, readonly string[]>> = {
  's3 ls': ['recursive'],
  's3 cp': ['quiet'],
  's3 mv': ['recursive'],
  's3 rm': ['recursive'],
  'dynamodb wait': ['table-name'],
  'iam create-policy': ['policy-name', 'policy-document'],
  'iam create-policy-version': ['policy-arn', 'policy-document', 'set-as-default'],
};

const packageOf: Readonly<Record<string, string>> = { secretsmanager: 'secrets-manager' };

async function inputOf(service: string, operation: string): Promise<readonly string[] | undefined> {
  const [file] = globSync(
    `node_modules/@aws-sdk/client-${packageOf[service] ?? service}/dist-es/schemas/schemas_0.js`,
    { cwd: root },
  );
  if (file === undefined) return undefined;
  const schemas = Object.values((await import(join(root, file))) as Readonly<Record<string, unknown>>);
  // An operation is [9, namespace, name, traits, input, output], a structure [3, namespace, name, traits, members, …].
  const found = schemas.find(
    (schema): schema is readonly [9, string, string, unknown, () => readonly unknown[]] =>
      Array.isArray(schema) && schema[0] === 9 && joined(schema[2]) === joined(operation),
  );
  return found === undefined ? undefined : (found[4]()[4] as readonly string[]);
}

const root = join(import.meta.dirname, '../..');

function joined(name: string): string {
  return name.replaceAll('-', '').toLowerCase();
}
