import { join } from 'node:path';
import { build } from 'esbuild';

/** Makes the script of the page from its sources. The package has `page-script.packaged.ts` in its place. */
export async function pageScript(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'browser', 'main.ts')],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    // As for the functions, no tsconfig.json has a part in the bytes.
    tsconfigRaw: '{}',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]!.contents;
}
