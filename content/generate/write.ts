// Writes what is installed in a SIEM and the names that the collector knows, from content/mapping/, and packs the app for
// Splunk: `npm run content`.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { contentFiles } from './content-files.ts';
import { knownNamesFile, knownNamesSource } from './known-names.ts';
import { splunkAppId } from './splunk-app.ts';
import { tarball } from './tarball.ts';

const content = join(import.meta.dirname, '..');
const files = contentFiles();
// What the compiler of detections wrote stays: see test/outside/detections.test.ts.
for (const folder of ['splunk', 'sentinel', 'elastic', 'datadog'])
  rmSync(join(content, folder), { recursive: true, force: true });
for (const [path, text] of files) {
  const file = join(content, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

writeFileSync(join(content, '..', knownNamesFile), knownNamesSource());

const ofSplunk = [...files].flatMap(([path, text]) =>
  path.startsWith('splunk/') ? [[path.slice('splunk/'.length), text] as const] : [],
);
const packed = join(content, '../packed/splunk');
mkdirSync(packed, { recursive: true });
writeFileSync(join(packed, `${splunkAppId}.tgz`), tarball(new Map(ofSplunk)));
console.log(`content/: ${files.size} files; packed/splunk/${splunkAppId}.tgz`);
