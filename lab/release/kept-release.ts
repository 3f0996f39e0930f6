import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

/** The folder in which the assembly of each release is kept, one file for each version. */
const keptReleases = join(import.meta.dirname, '../../test/fixtures/releases');

/** The versions that are kept, the oldest first. */
export function keptVersions(folder = keptReleases): readonly string[] {
  const versions = readdirSync(folder).flatMap((file) =>
    file.endsWith(ending) ? file.slice(0, -ending.length) : [],
  );
  return versions.toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true }));
}

/**
 * Keeps the assembly that a synth has written: its templates and the functions' code, without source maps and without
 * what names a path of this machine.
 *
 * @throws where the version is kept already, because a release does not change
 */
export function keepRelease(assemblyDir: string, release: Release): string {
  const { file, contents } = releaseFile(assemblyDir, release);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, contents);
  return file;
}

/** The file that `keepRelease` would write. @throws as it does */
export function releaseFile(
  assemblyDir: string,
  { version, folder = keptReleases }: Release,
): { readonly file: string; readonly contents: Uint8Array } {
  const file = fileOf({ version, folder });
  if (existsSync(file)) throw new Error(`${version} is kept already in ${file}`);
  const text = JSON.stringify(filesIn(assemblyDir));
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: text.length, [constants.BROTLI_PARAM_LGWIN]: 24 };
  return { file, contents: brotliCompressSync(text, { params }) };
}

/** Reads the files of a kept release, by their paths in its assembly. */
export function readRelease(version: string): Readonly<Record<string, string>> {
  const text = brotliDecompressSync(readFileSync(fileOf({ version, folder: keptReleases }))).toString('utf8');
  return JSON.parse(text) as Readonly<Record<string, string>>;
}

/** Writes the assembly of a kept release into a folder, as the synth of that version left it there. */
export function unpackRelease(version: string, outdir: string): void {
  for (const [path, contents] of Object.entries(readRelease(version))) {
    mkdirSync(dirname(join(outdir, path)), { recursive: true });
    writeFileSync(join(outdir, path), contents);
  }
}

export interface Release {
  readonly version: string;
  /** Default: the repository's. */
  readonly folder?: string;
}

const ending = '.json.br';

function fileOf({ version, folder }: Required<Release>): string {
  return join(folder, `${version}${ending}`);
}

/** By path: the manifests as far as a deploy reads them, the templates, and what the functions' folders hold. */
function filesIn(dir: string): Readonly<Record<string, string>> {
  const read = (path: string): string => readFileSync(join(dir, path), 'utf8');
  const files: Record<string, string> = {};
  const { artifacts = {} } = JSON.parse(read('manifest.json')) as Manifest;
  const kept = Object.entries(artifacts).flatMap(([id, { type, environment, properties = {} }]) =>
    keptTypes.includes(type) ? [[id, { type, environment, properties: chosen(properties) }] as const] : [],
  );
  files['manifest.json'] = JSON.stringify({ artifacts: Object.fromEntries(kept) });
  for (const [, { properties }] of kept) {
    if (properties.templateFile !== undefined)
      files[properties.templateFile] = minified(read(properties.templateFile));
    if (properties.file === undefined) continue;
    const assets = JSON.parse(read(properties.file)) as AssetManifest;
    files[properties.file] = JSON.stringify(assets);
    for (const { source } of Object.values(assets.files)) {
      if (source.path === undefined) continue;
      if (!statSync(join(dir, source.path)).isDirectory()) files[source.path] = minified(read(source.path));
      else
        for (const name of codeIn(join(dir, source.path))) {
          files[`${source.path}/${name}`] = read(`${source.path}/${name}`);
        }
    }
  }
  return files;
}

interface Manifest {
  readonly artifacts?: Readonly<
    Record<string, { readonly type: string; readonly environment?: string; readonly properties?: Properties }>
  >;
}

interface Properties {
  readonly stackName?: string;
  readonly templateFile?: string;
  readonly file?: string;
}

interface AssetManifest {
  readonly files: Readonly<Record<string, { readonly source: { readonly path?: string } }>>;
}

const keptTypes = ['aws:cloudformation:stack', 'cdk:asset-manifest'];

function chosen({ stackName, templateFile, file }: Properties): Properties {
  return { ...(stackName && { stackName }), ...(templateFile && { templateFile }), ...(file && { file }) };
}

function minified(json: string): string {
  return JSON.stringify(JSON.parse(json));
}

function codeIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => !name.endsWith('.map'));
}
