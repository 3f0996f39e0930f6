import { STSClient } from '@aws-sdk/client-sts';
import { stackNameOf } from '../../infra/config/names.ts';
import type { StageSettings } from '../../infra/config/settings.ts';
import { openRelay, relayFlags, relayFlagsUsage } from '../access/open-relay.ts';
import { type Command, CommandError, type Terminal } from '../command.ts';
import { checkCredentials, checkStack } from '../doctor/account-checks.ts';
import { about, type Finding } from '../doctor/check.ts';
import { examine } from '../doctor/examine.ts';
import { checkSettings } from '../doctor/settings-checks.ts';
import { type Subject, subjectOfRelay, subjectOfSettings } from '../doctor/subject.ts';
import { type Arguments, readArguments } from '../read-arguments.ts';
import { painter, plural } from '../text.ts';

const flags = { ...relayFlags, stream: { value: 'ID' }, send: {}, json: {} } as const;
type Given = Arguments<typeof flags>;

export const command: Command = {
  usage: `Usage: relay doctor [options]

Looks for what would keep a stage from working, before its deploy and after: settings, account, credentials, the
secret and its token, streams, each destination and its known traps, table, bucket, quotas. A line per check, with
what to do below what is not well. Nothing is changed, no event is read, and no secret is shown.

What it cannot see it says: Mosaic has no call that tells of a stream without reading from it, nor who else reads.

  --stream ID       of the streams and destinations only this one's, by its name in the settings or Mosaic's id
  --send            send one marked test event where nothing else tells (the index of a Splunk destination)
  --json            one object per check on stdout
${relayFlagsUsage}

Exit codes: 0 nothing failed, 1 a check failed, 2 wrong use.

Example: relay doctor --stage prod --region eu-west-1`,

  async run(args, terminal) {
    const given = readArguments(args, flags);
    const report = reporter(terminal, given.json === true);
    const subject = given.local ? await localSubject(given) : await awsSubject(given, report.tell);
    if (subject !== undefined) {
      try {
        const account = subject.relay?.account;
        await examine(
          narrowed(subject, given.stream),
          { account, mayWrite: given.send === true },
          report.tell,
        );
      } finally {
        subject.relay?.close();
      }
    }
    return report.end();
  },
};

/** @throws {CommandError} naming the streams that there are */
function narrowed(subject: Subject, only: string | undefined): Subject {
  if (only === undefined) return subject;
  const streams = subject.streams.filter(({ name, id }) => name === only || id === only);
  if (streams.length > 0) return { ...subject, streams };
  const known = subject.streams.map(({ name }) => name).join(', ');
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
  const name = given.stage ?? 'dev';
  // Loaded only where it is needed: the settings' schema takes a second.
  const { stages } = await import('../../infra/config/stages.ts');
  const written: Readonly<Record<string, StageSettings>> = stages;
  const { findings, stage } = checkSettings(written, name);
  tell(findings);
  const region = given.region ?? stage?.region ?? (await ownRegion());
  if (region === undefined) {
    const mend = 'say --region, or set AWS_REGION or the region of the profile';
    tell([about('credentials').failed('no region is set', mend)]);
    return undefined;
  }
  const connection = { region };
  const credentials = await checkCredentials(connection, stage);
  tell([credentials]);
  if (credentials.verdict === 'failed') return undefined;
  const stack = await checkStack(connection, stackNameOf(name));
  tell([stack.finding]);
  if (stack.deployed) {
    const relay = await opened({ ...given, region }, tell);
    return relay === undefined ? undefined : subjectOfRelay(relay, false);
  }
  return stage && subjectOfSettings(stage, { connection, place: region });
}

async function opened(given: Given, tell: (findings: readonly Finding[]) => void) {
  try {
    return await openRelay(given);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    tell([about('stack').failed(error.message, 'mend that, and ask again')]);
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

function lineOf({ about: thing, verdict, says, mend }: Finding, paint: ReturnType<typeof painter>): string {
  const [mark, colour] = marks[verdict];
  const advice = mend === undefined ? '' : ` → ${mend}`;
  return `${paint(mark.padEnd(7), colour)}  ${thing}: ${says}${advice}`;
}
