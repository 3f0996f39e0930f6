import { readFileSync } from 'node:fs';
import { splunkApp, splunkAppId } from './splunk-app.ts';

/** Each generated file by its path below `content/`, and its text. */
export function contentFiles(): ReadonlyMap<string, string> {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  };
  return new Map([...splunkApp(version)].map(([path, text]) => [`splunk/${splunkAppId}/${path}`, text]));
}
