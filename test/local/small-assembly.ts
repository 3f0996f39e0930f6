import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes an assembly as the CDK would, of one stack without assets. */
export function writeAssembly(dir: string, template: object): void {
  mkdirSync(dir, { recursive: true });
  const write = (name: string, value: object) => writeFileSync(join(dir, name), JSON.stringify(value));
  write('small.template.json', template);
  write('manifest.json', {
    artifacts: {
      small: {
        type: 'aws:cloudformation:stack',
        environment: 'aws://unknown-account/unknown-region',
        properties: { templateFile: 'small.template.json' },
      },
    },
  });
}

/** A role by which Lambda runs functions and Scheduler calls them. */
export const role = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: ['lambda', 'scheduler'].map((service) => ({
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
          Statement: [
            {
              Effect: 'Allow',
              Action: ['logs:CreateLogStream', 'logs:PutLogEvents', 'lambda:InvokeFunction'],
              Resource: '*',
            },
          ],
        },
      },
    ],
  },
};
