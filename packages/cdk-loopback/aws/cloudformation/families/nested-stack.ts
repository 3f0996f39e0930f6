import { readFileSync } from 'node:fs';
import { checkTemplate, type Template } from '../../../assembly/template.ts';
import type { Deployment } from '../deployment.ts';
import {
  type Created,
  type ResourceFamily,
  type ResourceRequest,
  refuseOthers,
  textProperty,
} from '../resource-family.ts';

/** Stacks within the stack. The deployer removes what is in them. */
export const nestedStacks: Readonly<Record<string, ResourceFamily>> = {
  'AWS::CloudFormation::Stack': {
    create: (request) => deploy(request, undefined),
    update: (request) => deploy(request, request.previous.nested),
  },
};

async function deploy(request: ResourceRequest, previous: Deployment | undefined): Promise<Created> {
  refuseOthers(request, ['Parameters', 'Tags', 'TemplateURL', 'TimeoutInMinutes']);
  const { generatedName, properties, assetPath, deployNested } = request;
  const url = textProperty(request, 'TemplateURL');
  const file = assetPath(url.slice(url.lastIndexOf('/') + 1));
  const template = checkTemplate(JSON.parse(readFileSync(file, 'utf8')) as Template, generatedName);
  const stack = { stackName: previous?.stackName ?? generatedName, template };
  const nested = await deployNested(
    stack,
    (properties.Parameters ?? {}) as Record<string, unknown>,
    previous,
  );
  const outputs = Object.entries(nested.outputs).map(([name, value]) => [`Outputs.${name}`, value]);
  return { physicalId: nested.stackId, arn: nested.stackId, attributes: Object.fromEntries(outputs), nested };
}
