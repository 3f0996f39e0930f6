import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { billedToRaw, billedToReceived, dollarsPerMillion } from './arithmetic.ts';
import { compare } from './compare.ts';
import { measureMemory } from './measure-memory.ts';
import { measureSplitter } from './measure-splitter.ts';
import { measureThroughput } from './measure-throughput.ts';
import { measureViews } from './measure-views.ts';
import type { BenchResult } from './result.ts';
import { type ServerProcess, startServers } from './server-process.ts';
import { makeCertificate } from './tls-certificate.ts';
import { makeVariants } from './variants.ts';

export interface Setting {
  readonly quick: boolean;
  readonly rounds: number;
  /** The folder for bundles and certificates. */
  readonly folder: string;
  /** Reports progress. */
  readonly note: (line: string) => void;
  /** Reports a failure; the rest is still measured. */
  readonly failed: (line: string) => void;
}

/** The parts of the benchmark, each of which can fail as a whole. */
export interface Parts {
  readonly startServers: typeof startServers;
  readonly makeVariants: typeof makeVariants;
  readonly measureSplitter: typeof measureSplitter;
  readonly measureViews: typeof measureViews;
}

/** Measures one part after the other, and goes on with the next where one fails. */
export async function measureAll(
  setting: Setting,
  parts: Parts = { startServers, makeVariants, measureSplitter, measureViews },
): Promise<BenchResult> {
  const { quick, failed } = setting;
  return {
    quick,
    ...(await measureServed(setting, parts)),
    splitter: await parts.measureSplitter(quick).catch((error: Error) => {
      failed(`The cutter was not measured: ${error.message}`);
      return null;
    }),
    views: await parts.measureViews(quick).catch((error: Error) => {
      failed(`Views were not measured: ${error.message}`);
      return null;
    }),
    billedToRaw: billedToRaw(),
    billedToReceived: billedToReceived(),
    dollarsPerMillion: dollarsPerMillion(),
  };
}

type Served = Pick<BenchResult, 'comparison' | 'throughput' | 'memory'>;

async function measureServed(setting: Setting, parts: Parts): Promise<Served> {
  const { folder, failed } = setting;
  const tls = makeCertificate(new Date());
  const certificateFile = join(folder, 'certificate.pem');
  writeFileSync(certificateFile, tls.certificate);
  let servers: ServerProcess;
  try {
    servers = await parts.startServers(tls);
  } catch (error) {
    failed(`The servers did not start: ${(error as Error).message}. Nothing that needs them is measured.`);
    return { comparison: undefined, throughput: undefined, memory: undefined };
  }
  try {
    const variants = parts.makeVariants({ ports: servers.ports, certificateFile, folder });
    const means = { ...setting, servers };
    return {
      comparison: await compare(variants, means),
      throughput: await measureThroughput(variants, means),
      memory: await measureMemory(variants, means),
    };
  } finally {
    servers.close();
  }
}
