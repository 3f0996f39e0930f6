/**
 * What `npm run build` runs: compiles what the package needs into `dist/`, which is never committed. The same sources
 * give the same files.
 *
 * @see docs/decisions/0022-a-built-package-beside-a-clone-without-a-build.md
 */
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { functionNames } from '../../infra/constructs/function-bundle.ts';
import { makeBundle } from '../../infra/constructs/make-bundle.ts';
import { pageScript } from '../../local/page/page-script.ts';

const root = join(import.meta.dirname, '../..');
const dist = join(root, 'dist');

rmSync(dist, { recursive: true, force: true });
console.error('Compiling the sources into dist/');
compile();
takePackagedTwins();
resolveLibraries();
keepDeclarationsOf('infra/index.d.ts');
console.error(`Bundling the functions ${functionNames.join(', ')}`);
for (const name of functionNames)
  for (const { path, contents } of makeBundle(name)) write(`bundles/${name}/${path}`, contents);
console.error("Bundling the page's script");
for (const name of ['page.html', 'page.css'])
  cpSync(join(root, 'local/page/browser', name), placeFor(`local/page/browser/${name}`));
write('local/page/browser/main.js', await pageScript());

function compile(): void {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', join(import.meta.dirname, 'tsconfig.json')], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`tsc ended with ${status}`);
}

/** `name.packaged.ts` has the exports that a package needs of `name.ts`, and stands there in its place. */
function takePackagedTwins(): void {
  for (const file of filesOf('**/*.packaged.{js,d.ts}'))
    renameSync(join(dist, file), join(dist, file.replace('.packaged.', '.')));
}

/** A private library has no place in anybody's node_modules: its bare name becomes the way to its compiled face. */
function resolveLibraries(): void {
  for (const file of filesOf('**/*.js')) {
    const source = readFileSync(join(dist, file), 'utf8');
    const resolved = source.replace(
      /(?<=\bfrom |\bimport\(|\bimport )(['"])@mosaic-relay\/([\w-]+)\1/g,
      (_, quote, name) => {
        const way = relative(dirname(file), `packages/${name}/index.js`).replaceAll('\\', '/');
        return `${quote}${way.startsWith('.') ? way : `./${way}`}${quote}`;
      },
    );
    if (resolved.includes("'@mosaic-relay/")) throw new Error(`${file} names a private library`);
    if (resolved !== source) writeFileSync(join(dist, file), resolved);
  }
}

/** Declarations that nobody can import are left out: half of the package's files would be such. */
function keepDeclarationsOf(entry: string): void {
  const wanted = new Set<string>();
  const visit = (file: string): void => {
    if (wanted.has(file)) return;
    wanted.add(file);
    const text = readFileSync(join(dist, file), 'utf8');
    // Of lines that are no comment, whose examples import too.
    const code = text.replaceAll(/^ *\/?\*.*$/gm, '');
    for (const [, specifier = ''] of code.matchAll(/(?:\bfrom |\bimport\()["'](\.[^"']+)["']/g))
      visit(join(dirname(file), specifier.replace(/\.[tj]s$/, '.d.ts')).replaceAll('\\', '/'));
  };
  visit(entry);
  for (const file of filesOf('**/*.d.ts')) if (!wanted.has(file)) rmSync(join(dist, file));
}

function filesOf(pattern: string): readonly string[] {
  return globSync(pattern, { cwd: dist }).map((file) => file.replaceAll('\\', '/'));
}

function write(path: string, contents: string | Uint8Array): void {
  writeFileSync(placeFor(path), contents);
}

function placeFor(path: string): string {
  const file = join(dist, path);
  mkdirSync(dirname(file), { recursive: true });
  return file;
}
