import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

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
  const folder = join(import.meta.dirname, 'browser');
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'main.ts')],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  });
  return {
    '/': { type: 'text/html; charset=utf-8', body: readFileSync(join(folder, 'page.html')) },
    '/page.css': { type: 'text/css; charset=utf-8', body: readFileSync(join(folder, 'page.css')) },
    '/page.js': { type: 'text/javascript; charset=utf-8', body: outputFiles[0]!.contents },
  };
}
