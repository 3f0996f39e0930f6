import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CloudFormationValidatePlugin } from 'aws-cdk-lib';

/**
 * Checks a template against the schemas of CloudFormation's resource types: names, types, required ones, allowed
 * values, ranges and patterns, and that references lead somewhere.
 *
 * The check is AWS's own and works offline: it comes with the CDK, which at synth lets pass what is no more than a
 * warning, such as a value that no service accepts. Here everything counts.
 *
 * @returns what is wrong, each with its place; empty when nothing is
 */
export function checkTemplate(template: object): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'relay-template-'));
  try {
    const templatePath = join(folder, 'template.json');
    writeFileSync(templatePath, JSON.stringify(template));
    const stack = { stackConstructPath: 'stack', templatePath, accountId: undefined, region: undefined };
    const { violations } = schemas.validate({
      templatePaths: [templatePath],
      stackTemplates: [stack],
      appConstruct,
    });
    return violations.flatMap(({ ruleName, description, violatingResources }) =>
      violatingResources.map(
        ({ resourceLogicalId = 'template' }) => `${resourceLogicalId}: ${description} (${ruleName})`,
      ),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Takes two seconds to make ready, at its first use. */
const schemas = new CloudFormationValidatePlugin({ includeDefaultRules: false });
const appConstruct = new App();
