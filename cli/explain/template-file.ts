import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CommandError } from '../command.ts';
import type { Resource } from './change.ts';
import type { Resources } from './compare-templates.ts';

export interface Template {
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly Resources: Resources;
  readonly Rules?: Readonly<Record<string, unknown>>;
}

/**
 * Reads a template and those of the stacks within it, which the CDK writes beside it.
 *
 * @throws {CommandError} where one is not there, or is no template
 */
export async function readTemplateFile(file: string): Promise<Template> {
  const template = parseTemplate(await textOf(file), file);
  return flattened(template, async (_, { Metadata = {} }) => {
    const path = Metadata['aws:asset:path'];
    return typeof path === 'string' ? readTemplateFile(join(dirname(file), path)) : undefined;
  });
}

/** Puts the resources of inner stacks beside their stack's own. */
export async function flattened(
  template: Template,
  inner: (id: string, stack: Resource) => Promise<Template | undefined>,
): Promise<Template> {
  const all: Record<string, Resource> = {};
  for (const [id, resource] of Object.entries(template.Resources)) {
    all[id] = resource;
    if (resource.Type !== 'AWS::CloudFormation::Stack') continue;
    const found = await inner(id, resource);
    for (const [innerId, each] of Object.entries(found?.Resources ?? {})) all[`${id}/${innerId}`] = each;
  }
  return { ...template, Resources: all };
}

/** @param source as a message names it */
export function parseTemplate(text: string, source: string): Template {
  let template: unknown;
  try {
    template = JSON.parse(text);
  } catch {
    throw new CommandError(`${source} is not JSON; give a template as cdk synth writes it into cdk.out`);
  }
  const { Resources } = Object(template) as { readonly Resources?: unknown };
  if (typeof Resources !== 'object' || Resources === null) {
    throw new CommandError(`${source} has no Resources; give a template as cdk synth writes it into cdk.out`);
  }
  return template as Template;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new CommandError(
      `there is no template ${file}; write it with npx cdk synth, or name another with --template`,
    );
  }
}
