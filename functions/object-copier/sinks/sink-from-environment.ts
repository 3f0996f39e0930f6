import type { CopierEnvironment } from '../contract.ts';
import type { Clock, ObjectSink } from '../ports.ts';
import { azureLogsSink } from './azure-logs-sink.ts';
import { entraTokens, type ReadEntraSecret } from './entra-tokens.ts';
import { gcsSink } from './gcs-sink.ts';
import { googleTokens } from './google-tokens.ts';

export interface SinkNeeds {
  readonly clock: Clock;
  readonly readEntraSecret: (id: string) => ReadEntraSecret;
}

type Environment<Sink extends CopierEnvironment['SINK']> = Extract<CopierEnvironment, { SINK: Sink }>;

const builders: {
  readonly [Sink in CopierEnvironment['SINK']]: (
    environment: Environment<Sink>,
    needs: SinkNeeds,
  ) => ObjectSink;
} = {
  gcs: (environment, { clock }) =>
    gcsSink(
      { url: environment.GCS_URL, bucket: environment.GCS_BUCKET },
      googleTokens({ stsUrl: environment.GOOGLE_STS_URL, audience: environment.GOOGLE_AUDIENCE }),
      clock,
    ),
  'azure-logs': (environment, { clock, readEntraSecret }) =>
    azureLogsSink(
      {
        url: environment.AZURE_LOGS_URL,
        ruleId: environment.AZURE_LOGS_RULE_ID,
        stream: environment.AZURE_LOGS_STREAM,
      },
      entraTokens(
        { url: environment.ENTRA_URL, audience: environment.AZURE_LOGS_AUDIENCE },
        readEntraSecret(environment.ENTRA_SECRET_ID),
        clock,
      ),
      clock,
    ),
};

/** Builds the sink that `SINK` names. The sink keeps its tokens from one invocation to the next. */
export function sinkFromEnvironment(environment: CopierEnvironment, needs: SinkNeeds): ObjectSink {
  const build = builders[environment.SINK] as (
    environment: CopierEnvironment,
    needs: SinkNeeds,
  ) => ObjectSink;
  return build(environment, needs);
}
