import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { billedToRaw, dollarsPerMillion } from './arithmetic.ts';
import { compare, type Means } from './compare.ts';
import { measureMemory } from './measure-memory.ts';
import { measureSplitter } from './measure-splitter.ts';
import { measureThroughput } from './measure-throughput.ts';
import { parseBenchOptions } from './options.ts';
import type { BenchResult } from './result.ts';
import { type ServerProcess, startServers } from './server-process.ts';
import { showResult } from './show-result.ts';
import { makeCertificate } from './tls-certificate.ts';
import { makeVariants } from './variants.ts';
import { writeResult } from './write-result.ts';

/**
 * `npm run bench`: what collecting a million events costs the CPU, beside what a user would run instead, all on this
 * machine and in one interleaved run; how near one stream comes to its latencies; and the arithmetic of the bill.
 */
async function main(): Promise<number> {
  const options = parseBenchOptions(process.argv.slice(2));
  if ('usage' in options) {
    process.stdout.write(`${options.usage}\n`);
    return options.exitCode;
  }
  const failures: string[] = [];
  const note = (line: string) => process.stderr.write(`${line}\n`);
  const failed = (line: string) => {
    failures.push(line);
    note(line);
  };
  const folder = mkdtempSync(join(tmpdir(), 'relay-bench-'));
  let servers: ServerProcess | undefined;
  try {
    const tls = makeCertificate(new Date());
    const certificateFile = join(folder, 'certificate.pem');
    writeFileSync(certificateFile, tls.certificate);
    servers = await startServers(tls).catch((error: Error) => {
      failed(`The servers did not start: ${error.message}. Nothing that needs them is measured.`);
      return undefined;
    });
    const result: BenchResult = {
      quick: options.quick,
      ...(servers === undefined
        ? unmeasured
        : await measureServed(options, { servers, certificateFile, folder, note, failed })),
      splitter: await measureSplitter(options.quick),
      billedToRaw: billedToRaw(),
      dollarsPerMillion: dollarsPerMillion(),
    };
    showResult(result, (line) => process.stdout.write(`${line}\n`));
    for (const file of writeResult(result, new Date())) note(`wrote ${file}`);
    if (options.json) process.stdout.write(`${JSON.stringify(asJson(result))}\n`);
    return failures.length === 0 ? 0 : 1;
  } finally {
    servers?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const unmeasured = { comparison: undefined, throughput: undefined, memory: undefined };

async function measureServed(
  { quick, rounds }: { readonly quick: boolean; readonly rounds: number },
  {
    certificateFile,
    folder,
    ...means
  }: Means & { readonly certificateFile: string; readonly folder: string },
) {
  const variants = makeVariants({ ports: means.servers.ports, certificateFile, folder });
  return {
    comparison: await compare(variants, { ...means, rounds: quick ? 3 : rounds }),
    throughput: await measureThroughput(variants, { ...means, quick }),
    memory: await measureMemory(variants, { ...means, quick }),
  };
}

/** What `--json` promises, in its order. */
function asJson(result: BenchResult): object {
  const { comparison, throughput, splitter } = result;
  return {
    variants: comparison?.variants ?? null,
    ratios: comparison?.ratios ?? null,
    throughputToIdeal: throughput ?? null,
    billedToRaw: result.billedToRaw,
    dollarsPerMillion: result.dollarsPerMillion,
    splitter,
  };
}

process.exitCode = await main();
