import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkTemplate, type Template } from './template.ts';

/** One stack of a cloud assembly, as the CDK wrote it. */
export interface StackAssembly {
  readonly stackName: string;
  /** The documentation account 123456789012 where the stack names none. */
  readonly accountId: string;
  /** `us-east-1` where the stack names none. */
  readonly region: string;
  readonly template: Template;
  /** The folder or file that the CDK would upload under this key. @throws when it would upload none */
  assetPath(objectKey: string): string;
}

/**
 * Reads a stack out of the folder that `cdk synth` wrote.
 *
 * @param stackName the stack's name or its artifact's id; absent where the assembly has only one
 * @see https://github.com/aws/aws-cdk-cli/blob/main/packages/@aws-cdk/cloud-assembly-schema
 */
export function readAssembly(dir: string, stackName?: string): StackAssembly {
  const manifest = readJson(join(dir, 'manifest.json')) as Manifest;
  const stacks = Object.entries(manifest.artifacts ?? {}).flatMap(([id, artifact]) =>
    artifact.type === 'aws:cloudformation:stack'
      ? [{ id, artifact, name: artifact.properties?.stackName ?? id }]
      : [],
  );
  const wanted = stacks.filter(({ id, name }) => stackName === undefined || [id, name].includes(stackName));
  const [stack] = wanted;
  if (stack === undefined || wanted.length > 1) {
    const names = stacks.map(({ name }) => name).join(', ');
    throw new Error(`${dir}: ${stackName ?? 'one stack'} was asked for; the assembly has ${names || 'none'}`);
  }
  const templateFile = stack.artifact.properties?.templateFile;
  if (templateFile === undefined) throw new Error(`${dir}: ${stack.name} has no template`);
  const assets = readAssets(dir, manifest);
  return {
    stackName: stack.name,
    ...environmentOf(stack.artifact.environment),
    template: checkTemplate(readJson(join(dir, templateFile)) as Template, stack.name),
    assetPath: (objectKey) => {
      const path = assets.get(objectKey);
      if (path === undefined) throw new Error(`${dir}: no asset is uploaded as ${objectKey}`);
      return path;
    },
  };
}

interface Manifest {
  readonly artifacts?: Readonly<
    Record<
      string,
      {
        readonly type: string;
        /** `aws://account/region`, either of which may be `unknown-…`. */
        readonly environment?: string;
        readonly properties?: {
          readonly stackName?: string;
          readonly templateFile?: string;
          readonly file?: string;
        };
      }
    >
  >;
}

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path?: string };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
}

function readAssets(dir: string, manifest: Manifest): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const { type, properties } of Object.values(manifest.artifacts ?? {})) {
    if (type !== 'cdk:asset-manifest' || properties?.file === undefined) continue;
    const { files = {} } = readJson(join(dir, properties.file)) as AssetManifest;
    for (const { source, destinations } of Object.values(files)) {
      for (const { objectKey } of Object.values(destinations)) {
        if (source.path !== undefined) paths.set(objectKey, join(dir, source.path));
      }
    }
  }
  return paths;
}

function environmentOf(environment = ''): { accountId: string; region: string } {
  const [, account, region] = environment.match(/^aws:\/\/([^/]+)\/(.+)$/) ?? [];
  const known = (text: string | undefined) => (text?.startsWith('unknown-') ? undefined : text);
  return { accountId: known(account) ?? '123456789012', region: known(region) ?? 'us-east-1' };
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
