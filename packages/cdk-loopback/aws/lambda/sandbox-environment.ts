import type { FunctionDefinition } from './function-definition.ts';

export interface SandboxSurroundings {
  readonly region: string;
  /** Every AWS endpoint in one. */
  readonly gatewayUrl: string;
  /** `host:port` of the sandbox's Runtime API. */
  readonly runtimeApi: string;
  readonly logStream: string;
  readonly credentials: SandboxCredentials;
}

export interface SandboxCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/**
 * The whole environment of a function's process: what Lambda sets, and the template's variables; nothing of ours.
 * The only addition is `AWS_ENDPOINT_URL`, and a `HOME` that exists nowhere, as in Lambda, lest the SDK read the
 * settings of whoever runs this.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function sandboxEnvironment(
  definition: FunctionDefinition,
  surroundings: SandboxSurroundings,
): Record<string, string> {
  return {
    ...definition.environment,
    AWS_ACCESS_KEY_ID: surroundings.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: surroundings.credentials.secretAccessKey,
    AWS_SESSION_TOKEN: surroundings.credentials.sessionToken,
    AWS_REGION: surroundings.region,
    AWS_DEFAULT_REGION: surroundings.region,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_VERSION: definition.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: definition.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: surroundings.logStream,
    AWS_LAMBDA_RUNTIME_API: surroundings.runtimeApi,
    LAMBDA_TASK_ROOT: definition.codeDir,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    LANG: 'en_US.UTF-8',
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
    TZ: ':UTC',
    _HANDLER: definition.handler,
    AWS_ENDPOINT_URL: surroundings.gatewayUrl,
    HOME: '/home/sbx_user1051',
  };
}
