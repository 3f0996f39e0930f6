import { readFileSync } from 'node:fs';
import { armTemplate, bicepTemplate } from './azure-template.ts';
import { asimParsers } from './sentinel-parsers.ts';
import { sentinelTemplate } from './sentinel-template.ts';
import { splunkApp, splunkAppId } from './splunk-app.ts';

/** Each generated file by its path below `content/`, and its text. */
export function contentFiles(): ReadonlyMap<string, string> {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  };
  return new Map([
    ...[...splunkApp(version)].map(([path, text]) => [`splunk/${splunkAppId}/${path}`, text] as const),
    ['sentinel/azuredeploy.json', armTemplate(sentinelTemplate)],
    ['sentinel/main.bicep', bicepTemplate(sentinelTemplate)],
    ...asimParsers().map(({ name, query }) => [`sentinel/parsers/${name}.kql`, query] as const),
  ]);
}
