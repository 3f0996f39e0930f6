import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { splunkApp, splunkAppId } from '../../content/generate/splunk-app.ts';
import { tarball } from '../../content/generate/tarball.ts';
import { runProgram, tellSkipped, temporaryFolder } from './install.ts';
import { installPython } from './python.ts';

const release = 'splunk-appinspect==4.3.1';
const folder = temporaryFolder();
const python = await installPython(folder, [release]);
tellSkipped(release, python.missing, folder);

test.skipIf(python.missing !== undefined)('Splunk’s own inspection finds nothing in the app', async () => {
  expect(await inspected(splunkApp('0.2.0'))).toMatchObject({ error: 0, failure: 0, warning: 0 });
});

test.skipIf(python.missing !== undefined)('and finds an app that says it is set up already', async () => {
  const files = new Map(splunkApp('0.2.0'));
  files.set(
    'default/app.conf',
    files.get('default/app.conf')!.replace('is_configured = false', 'is_configured = true'),
  );

  expect(await inspected(files)).toMatchObject({ failure: 1 });
});

async function inspected(files: ReadonlyMap<string, string>): Promise<unknown> {
  const archive = join(folder, `${splunkAppId}.tgz`);
  writeFileSync(
    archive,
    tarball(new Map([...files].map(([path, text]) => [`${splunkAppId}/${path}`, text]))),
  );
  const words = ['inspect', archive, '--included-tags', 'cloud'];
  const program = python.missing === undefined ? python.program('splunk-appinspect') : '';
  const { output } = await runProgram(program, words, { folder, timeoutMs: 55_000 });
  const counts = [...output.matchAll(/^\s*(error|failure|warning|success):\s+(\d+)/gm)];
  if (counts.length === 0) throw new Error(output);
  return Object.fromEntries(counts.map(([, name, count]) => [name, Number(count)]));
}
