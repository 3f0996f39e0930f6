import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FunctionDefinition } from '../../../aws/lambda/function-definition.ts';
import { createLambdaHost, type LambdaHost, type LambdaHostOptions } from '../../../aws/lambda/host.ts';
import { createVirtualClock, type VirtualClock } from '../../../clock/virtual-clock.ts';

export const startAt = Date.parse('2026-03-01T00:00:00Z');

export interface HostFixture {
  readonly clock: VirtualClock;
  readonly host: LambdaHost;
  /** Adds a function whose code is the text of one file. */
  add(source: string, changes?: Partial<FunctionDefinition> & { readonly file?: string }): FunctionDefinition;
  close(): Promise<void>;
}

export function startHost(options: Partial<LambdaHostOptions> = {}): HostFixture {
  const workDir = mkdtempSync(join(tmpdir(), 'lambda-host-'));
  const clock = createVirtualClock({ startAt });
  const host = createLambdaHost({
    clock,
    region: 'us-east-1',
    gatewayUrl: 'http://127.0.0.1:9',
    workDir,
    issueCredentials: ({ roleArn }) => ({
      accessKeyId: `key-of-${roleArn}`,
      secretAccessKey: 's',
      sessionToken: 't',
    }),
    ...options,
  });
  let count = 0;
  return {
    clock,
    host,
    add(source, { file = 'index.mjs', ...changes } = {}) {
      const name = `function-${++count}`;
      const codeDir = join(workDir, name);
      mkdirSync(codeDir);
      writeFileSync(join(codeDir, file), source);
      const definition: FunctionDefinition = {
        logicalId: `Function${count}`,
        name,
        arn: `arn:aws:lambda:us-east-1:123456789012:function:${name}`,
        version: '$LATEST',
        roleArn: 'role',
        handler: 'index.handler',
        codeDir,
        environment: {},
        timeoutSeconds: 30,
        memoryMb: 256,
        logGroup: `/aws/lambda/${name}`,
        ...changes,
      };
      host.functions.put(definition);
      return definition;
    },
    async close() {
      await host.close();
      clock.close();
      rmSync(workDir, { recursive: true });
    },
  };
}
