import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { chooseStage } from '../../infra/config/choose-stage.ts';
import { collectorDestinationOf, collectorSettingsOf } from '../../infra/config/collector-settings.ts';
import type { StageSettings } from '../../infra/config/settings.ts';
import { bundle } from '../../infra/constructs/function-bundle.ts';
import type { Ports } from './servers/serve.ts';
import { world } from './world.ts';

export const variantNames = ['floor', 'relay', 'relayGzip', 'usualLambda', 'usualPacked', 'vendor'] as const;
export type VariantName = (typeof variantNames)[number];

/** A variant's command and conditions. */
export interface Variant {
  readonly name: VariantName;
  readonly title: string;
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  /** Batches in a round: enough to last a second, so slow variants get fewer. */
  readonly batches: number;
  /** Mosaic answers in gzip where the variant accepts it. */
  readonly gzip: boolean;
}

export interface VariantSetting {
  readonly ports: Ports;
  readonly certificateFile: string;
  /** Where bundles may be written. */
  readonly folder: string;
}

/** Makes the variants. One that cannot be made is absent with the reason, and does not affect the others. */
export function makeVariants(setting: VariantSetting): readonly (Variant | Absent)[] {
  const node = process.execPath;
  const environment = nodeEnvironment(setting);
  const variantFile = (name: string) => join(import.meta.dirname, 'variants', name);
  const relayFile = once(() => relayBundle(setting.folder));
  const usualFile = once(() => usualBundle(setting.folder, variantFile('usual-lambda.ts')));
  return [
    {
      name: 'floor',
      title: 'floor: read, journal, base64, sign, send',
      command: [node, variantFile('floor.ts')],
      environment,
      batches: 120,
      gzip: false,
    },
    ...(['relay', 'relayGzip'] as const).map((name) =>
      made(name, () => ({
        name,
        title: 'relay: the collector as deployed',
        command: [node, variantFile('relay.ts')],
        environment: {
          ...environment,
          ...collectorEnvironment(setting.ports),
          BENCH_BUNDLE: relayFile(),
        },
        batches: 80,
        gzip: name === 'relayGzip',
      })),
    ),
    ...(['usualLambda', 'usualPacked'] as const).map((name) =>
      made(name, () => ({
        name,
        title: 'usual Lambda: fetch().json(), a record an event or packed',
        command: [node, usualFile()],
        environment: name === 'usualPacked' ? { ...environment, BENCH_PACKED: '1' } : environment,
        batches: 40,
        gzip: false,
      })),
    ),
    made('vendor', () => vendorVariant(setting, variantFile('vendor.py'))),
  ];
}

/** Makes a bundle once for several variants. */
function once(make: () => string): () => string {
  let made: string | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

export interface Absent {
  readonly name: VariantName;
  readonly absent: string;
  /** True where it should have been possible here: the whole run then ends with 1. */
  readonly failed: boolean;
}

function made(name: VariantName, make: () => Variant | Absent): Variant | Absent {
  try {
    return make();
  } catch (error) {
    return {
      name,
      absent: `${name} could not be made and is left out: ${(error as Error).message}`,
      failed: true,
    };
  }
}

function nodeEnvironment({ ports, certificateFile }: VariantSetting): Readonly<Record<string, string>> {
  return {
    MOSAIC_URL: `https://127.0.0.1:${ports.mosaic}`,
    AWS_ENDPOINT_URL: `https://127.0.0.1:${ports.aws}`,
    AWS_REGION: world.region,
    AWS_ACCESS_KEY_ID: world.accessKeyId,
    AWS_SECRET_ACCESS_KEY: world.secretAccessKey,
    AWS_SESSION_TOKEN: world.sessionToken,
    NODE_EXTRA_CA_CERTS: certificateFile,
  };
}

/** The environment that the template would set, for one stream with a plain S3 destination. */
function collectorEnvironment(ports: Ports): Readonly<Record<string, string>> {
  const chosen = chooseStage(
    {
      benchmark: {
        environment: `https://127.0.0.1:${ports.mosaic}`,
        secret: world.secretId,
        terminationProtection: false,
        streams: [
          {
            name: 'risk',
            id: world.streamId,
            type: world.eventType,
            timeout: '15 minutes',
            // No variant is held back by the quota: at it, the relay would rest, and read again from the journal.
            // The others send their records as they are.
            destinations: [{ kind: 's3', compressRecords: false, quotaMiBPerSecond: 1_024 }],
          },
        ],
      } satisfies StageSettings,
    },
    'benchmark',
  );
  if ('problems' in chosen) throw new Error(chosen.problems.join('\n'));
  const { stage } = chosen;
  const [stream] = stage.streams;
  const settings = collectorSettingsOf({
    stage,
    stream: stream!,
    table: world.table,
    bucket: world.bucket,
    destinations: stream!.destinations.map((destination) =>
      collectorDestinationOf(destination, {
        region: 'us-east-1',
        deliveryStream: world.deliveryStream,
        deliveryMetrics: 'DeliveryToS3',
        type: stream!.type,
        views: stage.views,
      }),
    ),
  });
  return {
    AWS_LAMBDA_FUNCTION_NAME: 'relay-benchmark',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
    // No schedule is asked for, since none is there.
    SETTINGS: JSON.stringify({ ...settings, collectSchedule: undefined }),
  };
}

function relayBundle(folder: string): string {
  const files = bundle('collector');
  for (const { path, contents } of files) writeFileSync(join(folder, path), contents);
  return join(folder, files.find(({ path }) => /\.[cm]js$/.test(path))!.path);
}

function usualBundle(folder: string, entryPoint: string): string {
  const outfile = join(folder, 'usual-lambda.mjs');
  buildSync({
    entryPoints: [entryPoint],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    // The bundler throws an error with its problems.
    logLevel: 'silent',
  });
  return outfile;
}

function vendorVariant({ ports, certificateFile, folder }: VariantSetting, file: string): Variant | Absent {
  let authorities: string;
  try {
    const command = 'import certifi, requests; print(certifi.where())';
    authorities = execFileSync('python3', ['-c', command], { stdio: 'pipe' }).toString().trim();
  } catch {
    return {
      name: 'vendor',
      absent: 'python3 with the package requests is not here, so the vendor loop is left out',
      failed: false,
    };
  }
  // As in production: every authority that requests knows, and ours.
  const bundleFile = join(folder, 'authorities.pem');
  writeFileSync(bundleFile, `${readFileSync(authorities, 'utf8')}\n${readFileSync(certificateFile, 'utf8')}`);
  return {
    name: 'vendor',
    title: "vendor's connector: Python, a connection a call",
    command: ['python3', file],
    environment: {
      MOSAIC_URL: `https://127.0.0.1:${ports.mosaic}`,
      SINK_URL: `https://127.0.0.1:${ports.sink}`,
      TOKEN_PATH: world.tokenPath,
      COLLECT_PATH_AND_QUERY: `${world.collectPath}?type=${world.eventType}&stream_id=${world.streamId}&batch_size=1000`,
      SINK_PATH: world.sinkPath,
      CLIENT_ID: world.clientId,
      CLIENT_SECRET: world.clientSecret,
      REQUESTS_CA_BUNDLE: bundleFile,
    },
    batches: 20,
    gzip: false,
  };
}
