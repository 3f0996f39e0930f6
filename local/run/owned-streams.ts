import { spawn } from 'node:child_process';

/**
 * Reads the ids of all streams in `infra/config/stages.ts`, of every stage, and those of their witnesses.
 *
 * The file is read by a process of its own, as the synth reads it, because `local/` imports nothing of `infra/`.
 */
export async function ownedStreamIds(root: string): Promise<ReadonlySet<string>> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`infra/config/stages.ts cannot be read:\n${Buffer.concat(errors)}`);
  return new Set(JSON.parse(Buffer.concat(out).toString()) as string[]);
}

/** A pull URL names its stream in the query. */
const program = `
  import { stages } from './infra/config/stages.ts';
  import { witnessIdOf } from './infra/config/witness.ts';
  const ids = Object.values(stages).flatMap(({ streams }) => streams).flatMap(({ id, pullUrl }) =>
    [id, id && witnessIdOf(id), pullUrl && URL.canParse(pullUrl) ? new URL(pullUrl).searchParams.get('stream_id') : undefined]);
  process.stdout.write(JSON.stringify(ids.filter((id) => typeof id === 'string')));
`;
