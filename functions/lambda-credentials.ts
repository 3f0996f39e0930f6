/**
 * Takes the place of `@aws-sdk/credential-provider-node` in the bundles: on Lambda the role's credentials are always in
 * the environment, and the chain of profiles, single sign-on and metadata services is 100 KB that never runs.
 *
 * @see AWS Lambda developer guide, "Defined runtime environment variables"
 */
export function defaultProvider(): () => Promise<LambdaCredentials> {
  return async () => {
    const {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    } = process.env;
    if (accessKeyId === undefined || secretAccessKey === undefined) {
      throw new Error('The environment holds no AWS credentials, which Lambda always sets');
    }
    return { accessKeyId, secretAccessKey, sessionToken };
  };
}

interface LambdaCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}
