import { STSClient } from '@aws-sdk/client-sts';
import { stackNameOf } from '../../infra/config/names.ts';
import { openRelay, relayFlags } from '../access/open-relay.ts';
import { addressOf } from '../access/relay-address.ts';
import { readSettings, stageAsked } from '../access/settings-file.ts';
import type { Flags, Values } from '../arguments/flag.ts';
import { CommandError, defineCommand, type Terminal } from '../command.ts';
import { checkCredentials, checkStack } from '../doctor/account-checks.ts';
import { about, type Finding } from '../doctor/check.ts';
import { examine } from '../doctor/examine.ts';
import { checkRenames } from '../doctor/rename-checks.ts';
import { checkSettings } from '../doctor/settings-checks.ts';
import { type Subject, subjectOfRelay, subjectOfSettings } from '../doctor/subject.ts';
import { painter, plural } from '../text.ts';

const flags = {
  stream: {
    value: 'ID',
    text: "only this stream and its destinations, by its name in the settings or by Mosaic's id",
  },
  send: { text: 'send one marked test event where nothing else proves a destination (the index of Splunk)' },
  json: { text: 'print one object per check and line' },
  ...relayFlags,
} as const satisfies Flags;
type Given = Values<typeof flags>;

export const command = defineCommand({
  name: 'relay doctor',
  synopsis: ['[options]'],
  about: `Looks for problems that would keep a stage from working, before its deploy and after it: settings, account,
credentials, the secret and its token, who may read each secret, keys of views, streams, each destination and its known traps, table, bucket, quotas. Prints a
line per check and, after an arrow, what to do. The command changes nothing, reads no event and shows no secret.

Mosaic has no call that describes a stream without reading from it, and none that names the stream's other readers.
The command says where it had to leave such a question open.`,
  flags,
  exitCodes: '0 nothing failed, 1 a check failed, 2 wrong use',
  examples: ['relay doctor --stage prod --region eu-west-1', 'relay doctor --stage prod --send'],
  details: `Before a deploy the command checks the settings (the example's own values are refused), the
credentials, account and region, the secret's form, a token of Mosaic, and each destination. After a deploy it also
checks the stack, table, bucket, delivery streams, streams and quotas. Of destinations it finds: HEC acknowledgement
off, a token or key that is refused or disabled, a wrong index, a web page in place of the collector, a certificate
that Firehose does not take, a missing bucket, an identity provider that is missing or of another AWS account, refused
copies, a data collection rule without the role, an OpenSearch index template that is missing, older than this release's
or without the destination's index.

The operator's own reading of a secret does not show that Firehose, a copier or a collector can read it. So the command
asks IAM whether the role may read the secret and decrypt with its key (SimulatePrincipalPolicy), and reads the policies
of secret and key, which IAM leaves out; before a deploy the settings stand for the role. It cannot know what grants,
service endpoints and, before a deploy, the organization's policies say, and warns where a policy asks for something else
that only AWS knows. For this its credentials need iam:SimulatePrincipalPolicy, kms:DescribeKey, kms:GetKeyPolicy,
secretsmanager:DescribeSecret and secretsmanager:GetResourcePolicy; without one of them it says which is missing.

Of a view's key it reads the form, which its credentials may be refused, asks whether the collector may read it, and whether
another role of the stage or another principal of the secret's own policy may. It cannot know which principals of the
account may by policies of their own.

Two questions are answered by evidence alone. A run that was answered shows that the stream exists; a second stream of
the same type shows that somebody else may read. Nobody but the copier can sign as the copier's role, so its federation
is judged by its metrics.`,

  async run(given, terminal) {
    const report = reporter(terminal, given.json);
    const subject = given.local ? await localSubject(given) : await awsSubject(given, report.tell);
    if (subject !== undefined) {
      try {
        const { account } = subject;
        const options = { account, mayWrite: given.send, address: addressOf(subject.stage, given) };
        await examine(narrowed(subject, given.stream), options, report.tell);
      } finally {
        subject.relay?.close();
      }
    }
    return report.end();
  },
});

/** @throws {CommandError} naming the streams that there are */
function narrowed(subject: Subject, only: string | undefined): Subject {
  if (only === undefined) return subject;
  const streams = subject.streams.filter(({ name, label, id }) => [name, label, id].includes(only));
  if (streams.length > 0) {
    const { relay } = subject;
    if (relay === undefined) return { ...subject, streams };
    const isExamined = ({ name }: { readonly name: string }) => streams.some((one) => one.name === name);
    return {
      ...subject,
      streams,
      relay: { ...relay, streams: relay.streams.filter(isExamined) },
      others: relay.streams.filter((each) => !isExamined(each)),
    };
  }
  const known = subject.streams.map(({ label }) => label).join(', ');
  throw new CommandError(`there is no stream ${only} in ${subject.place}; there are ${known}`);
}

async function localSubject(given: Given): Promise<Subject | undefined> {
  const relay = await openRelay(given);
  return subjectOfRelay(relay, true);
}

/** @returns undefined where there is nothing further to look at */
async function awsSubject(
  given: Given,
  tell: (findings: readonly Finding[]) => void,
): Promise<Subject | undefined> {
  const name = await stageAsked(given);
  const { stages, shown } = await readSettings(given.settings);
  const { findings, stage } = checkSettings(stages, name, shown);
  tell(findings);
  const region = given.region ?? stage?.region ?? (await ownRegion());
  if (region === undefined) {
    const remedy = 'say --region, or set AWS_REGION or the region of the profile';
    // The settings would have named the region, and what is wrong with them has been told.
    if (stage !== undefined) tell([about('credentials').failed('no region is set', remedy)]);
    return undefined;
  }
  const connection = { region };
  const { finding, account } = await checkCredentials(connection, stage);
  tell([finding]);
  if (finding.verdict === 'failed') return undefined;
  const stack = await checkStack(connection, stackNameOf(name));
  tell([stack.finding]);
  if (stack.deployed) {
    const relay = await opened({ ...given, region }, tell);
    if (relay === undefined) return undefined;
    if (stage !== undefined) tell(checkRenames(stage, relay.streams));
    return subjectOfRelay(relay, false);
  }
  return stage && subjectOfSettings(stage, { connection, place: region, account });
}

async function opened(given: Given, tell: (findings: readonly Finding[]) => void) {
  try {
    return await openRelay(given);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    tell([about('stack').failed(error.message, 'put that right, and run doctor again')]);
    return undefined;
  }
}

async function ownRegion(): Promise<string | undefined> {
  const client = new STSClient({});
  try {
    return await client.config.region();
  } catch {
    return undefined;
  } finally {
    client.destroy();
  }
}

const marks = {
  ok: ['ok', 'green'],
  warning: ['warning', 'yellow'],
  failed: ['FAILED', 'red'],
  skipped: ['skipped', 'dim'],
} as const;

function reporter(terminal: Terminal, json: boolean) {
  const paint = painter(terminal.isTerminal);
  const counts = { ok: 0, warning: 0, failed: 0, skipped: 0 };
  return {
    tell(findings: readonly Finding[]): void {
      for (const finding of findings) {
        counts[finding.verdict] += 1;
        terminal.out(json ? JSON.stringify(finding) : lineOf(finding, paint));
      }
    },
    end(): number {
      const { failed, warning, skipped } = counts;
      const other = [
        warning > 0 ? plural(warning, 'warning') : '',
        skipped > 0 ? `${plural(skipped, 'check')} skipped` : '',
      ].filter((text) => text !== '');
      const found = failed === 0 ? 'nothing failed' : `${plural(failed, 'check')} failed`;
      if (!json) terminal.out([found, ...other].join(', '));
      return failed === 0 ? 0 : 1;
    },
  };
}

function lineOf({ about: thing, verdict, says, remedy }: Finding, paint: ReturnType<typeof painter>): string {
  const [mark, colour] = marks[verdict];
  const advice = remedy === undefined ? '' : ` → ${remedy}`;
  return `${paint(mark.padEnd(7), colour)}  ${thing}: ${says}${advice}`;
}
