import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Stage } from '../../infra/config/settings.ts';
import type { Connection } from '../access/deployed-relay.ts';
import { explainingFailure } from '../access/explain-failure.ts';
import { CommandError } from '../command.ts';
import { about, type Finding } from './check.ts';

export interface CheckedCredentials {
  readonly finding: Finding;
  /** The account that they are of; absent where AWS did not say. */
  readonly account?: string;
}

/** Checks the credentials' identity, and that they belong to the account of the stage. */
export async function checkCredentials(
  connection: Connection,
  stage: Pick<Stage, 'account' | 'region'> | undefined,
): Promise<CheckedCredentials> {
  const check = about('credentials');
  const sts = new STSClient(connection);
  try {
    const looked = { sought: 'the account of these credentials', where: connection.region };
    const { Account: account = 'unknown', Arn = '' } = await explainingFailure(looked, () =>
      sts.send(new GetCallerIdentityCommand({})),
    );
    return { finding: judged({ account, arn: Arn }, connection, stage), account };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const [says, remedy] = error.message.split('; ');
    return { finding: check.failed(says ?? error.message, remedy ?? 'log in to AWS') };
  } finally {
    sts.destroy();
  }
}

function judged(
  { account, arn }: { readonly account: string; readonly arn: string },
  { region }: Connection,
  stage: Pick<Stage, 'account' | 'region'> | undefined,
): Finding {
  const check = about('credentials');
  if (stage?.account !== undefined && stage.account !== account) {
    return check.failed(
      `they are of account ${account}, and the stage of ${stage.account}`,
      'set AWS_PROFILE to a profile of that account, or correct account in the settings',
    );
  }
  if (stage?.region !== undefined && stage.region !== region) {
    return check.failed(
      `the region is ${region}, and the stage's is ${stage.region}`,
      `say --region ${stage.region}`,
    );
  }
  return check.ok(`account ${account} in ${region}, as ${arn.split(':').at(-1)}`);
}

export interface StackState {
  readonly finding: Finding;
  readonly deployed: boolean;
}

/** Checks that the stage's stack exists and that no update of it is under way. */
export async function checkStack(connection: Connection, stackName: string): Promise<StackState> {
  const check = about('stack');
  const client = new CloudFormationClient(connection);
  try {
    const looked = { sought: `stack ${stackName}`, where: connection.region };
    const { Stacks = [] } = await explainingFailure(looked, () =>
      client.send(new DescribeStacksCommand({ StackName: stackName })),
    );
    return stateOf(String(Stacks[0]?.StackStatus), stackName);
  } catch (error) {
    if (error instanceof CommandError)
      return { deployed: false, finding: check.failed(error.message, 'see above') };
    if (!(error instanceof Error && error.name === 'ValidationError')) throw error;
    return { deployed: false, finding: check.ok(`${stackName} is not deployed yet in ${connection.region}`) };
  } finally {
    client.destroy();
  }
}

function stateOf(status: string, stackName: string): StackState {
  const check = about('stack');
  if (/^(CREATE_FAILED|ROLLBACK_.*|DELETE_.*|REVIEW_IN_PROGRESS)$/.test(status)) {
    const remedy = 'see its events in CloudFormation, delete it, and deploy again';
    return { deployed: false, finding: check.failed(`${stackName} is in ${status}`, remedy) };
  }
  if (/FAILED$/.test(status))
    return {
      deployed: true,
      finding: check.failed(`${stackName} is in ${status}`, 'see its events, and deploy again'),
    };
  if (/IN_PROGRESS$/.test(status))
    return {
      deployed: true,
      finding: check.warning(`${stackName} is in ${status}`, 'wait for its end, and ask again'),
    };
  return { deployed: true, finding: check.ok(`${stackName} is deployed (${status})`) };
}
