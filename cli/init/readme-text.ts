import type { Answers } from './answers.ts';
import type { DestinationChoice } from './destination-choice.ts';
import { chosen, firstStage } from './first-stage.ts';

/** The README of a new project: what to do next, and which values are missing. */
export function readmeText(answers: Answers, name: string): string {
  const { stage, region, types, every, to } = answers;
  const missing = chosen(to).filter(({ example }) => Object.keys(example).length > 1);
  return `# ${name}

Brings the Mosaic events of ${listed(types)} to ${listed(to)}, every ${every.replace(/^1 /, '')}, from an AWS account
in ${region}. The settings are in [stages.ts](stages.ts); [what the relay promises](node_modules/mosaic-siem-relay/README.md) comes with
its package.

## Next

1. \`npm install\`
2. \`npm start\` runs the stage on this machine against a simulated Mosaic and simulated receivers: no account, no network.
3. Replace the examples in \`stages.ts\` by [the missing values](#missing-values).
4. Create [the secrets](#secrets) in ${region}.
5. \`npx cdk bootstrap aws://ACCOUNT/${region}\`, once for the account and region. The bootstrap's role is an
   administrator unless you give it [less](node_modules/mosaic-siem-relay/docs/deploy.md#before-the-first-deploy).
6. \`npx relay doctor\` tells what would keep the stage from working. It changes nothing.
7. \`npx cdk deploy\`
8. \`npx relay doctor\` again, which now asks what was deployed too, and \`npx relay status --region ${region}\`.

All of these take the stage \`${stage}\`, which \`cdk.json\` names. Another one of \`stages.ts\` is \`--stage NAME\` of \`relay\`, and
\`-c stage=NAME\` of \`cdk\`.

## Missing values

A deploy refuses the examples of \`stages.ts\`, and names each.

| Setting | What to give |
| --- | --- |
| \`account\` | The 12 digits of the AWS account that the stage is deployed to. |
${missing.map(destinationTable).join('')}
## Secrets

\`\`\`sh
${secretLines(answers).join('\n')}
\`\`\`

The first is of a management app in Mosaic (Admin portal → Applications → Management apps), of the same tenant and
environment. Take the file away afterwards. A destination's \`secret\` is the ARN in the answer, with its last six characters.

## A new version

\`\`\`sh
npm install mosaic-siem-relay@latest
npx relay upgrade-check --region ${region} && npx cdk diff
npx cdk deploy
\`\`\`
`;
}

function destinationTable({ kind, about, page, says, example }: DestinationChoice): string {
  const rows = Object.keys(example)
    .filter((setting) => setting !== 'kind')
    .map((setting) => `| \`${setting}\` | ${(says[setting] ?? '').replaceAll('|', '\\|')} |`);
  const more = page === undefined ? '' : ` More is in [${page}](node_modules/mosaic-siem-relay/${page}).`;
  return `
### ${kind}

${about}${more}

| Setting | What to give |
| --- | --- |
${rows.join('\n')}
`;
}

/** A command for each secret, with what it must hold. */
function secretLines(answers: Answers): readonly string[] {
  const own = { name: firstStage(answers).secret, holds: '{"client_id": "…", "client_secret": "…"}' };
  const others = chosen(answers.to).flatMap(({ example, says }) => {
    const name = /:secret:mosaic-siem-relay\/prod\/(.+)-\w{6}$/.exec(example.secret ?? '')?.[1];
    const holds = /`(\{"[^`]+\})`/.exec(says.secret ?? '')?.[1];
    return name === undefined || holds === undefined
      ? []
      : [{ name: `mosaic-siem-relay/${answers.stage}/${name}`, holds }];
  });
  return [own, ...others].flatMap(({ name, holds }) => [
    `echo '${holds}' > secret.json    # with your own values`,
    `aws secretsmanager create-secret --region ${answers.region} --name ${name} --secret-string file://secret.json`,
  ]);
}

/** `cis`, `cis and risk`, `cis, admin and risk` */
function listed(words: readonly string[]): string {
  const [last, ...others] = words.toReversed();
  return others.length === 0 ? String(last) : `${others.toReversed().join(', ')} and ${last}`;
}
