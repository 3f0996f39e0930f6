import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageScript } from './page-script.ts';

/** A file that the page is made of. */
export interface PageFile {
  readonly type: string;
  readonly body: string | Uint8Array;
}

/** Everything the browser loads, by path: nothing comes from another host. Made once. */
export function bundlePage(): Promise<Readonly<Record<string, PageFile>>> {
  bundled ??= bundle();
  return bundled;
}

let bundled: ReturnType<typeof bundlePage> | undefined;

async function bundle(): Promise<Readonly<Record<string, PageFile>>> {
  const file = (name: string) => readFileSync(join(import.meta.dirname, 'browser', name));
  return {
    '/': { type: 'text/html; charset=utf-8', body: file('page.html') },
    '/page.css': { type: 'text/css; charset=utf-8', body: file('page.css') },
    '/page.js': { type: 'text/javascript; charset=utf-8', body: await pageScript() },
  };
}
