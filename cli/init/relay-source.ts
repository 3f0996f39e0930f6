import { existsSync, readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { relayVersion } from '../../infra/config/relay-version.ts';
import { CommandError } from '../command.ts';

/** Where a new project takes the relay from. */
export interface RelaySource {
  /** For package.json: a version, or a specifier such as `file:../mosaic-siem-relay-1.0.0.tgz`. */
  readonly specifier: string;
  /** A line for the operator where npm may look in vain, or finds what nobody named. */
  readonly line?: string;
}

/**
 * Takes the relay from what was asked for, or else from where this program came from itself: the registry has no version that
 * was never published.
 *
 * @param folder absolute path of the new project
 * @param own the folder of this program's package
 * @throws {CommandError} where a file is named that is not there
 */
export function relaySource(
  asked: string | undefined,
  folder: string,
  own = dirname(findPackageJSON('..', import.meta.url)!),
): RelaySource {
  if (asked !== undefined) return { specifier: specifierOf(asked, folder) };
  const from = originOf(own);
  if (from === 'registry') return { specifier: relayVersion() };
  if (from === undefined) return mayBeMissing('runs from a folder, and not from the registry');
  if (!from.startsWith('file:')) return { specifier: from };
  const path = from.replace(/^file:/, '');
  if (!existsSync(path)) return mayBeMissing(`came from ${path}, which is gone`);
  return {
    specifier: pathFrom(folder, path),
    line: `package.json takes the relay from ${path}, as this program does; --package SPEC names another`,
  };
}

function mayBeMissing(why: string): RelaySource {
  const version = relayVersion();
  return {
    specifier: version,
    line: `this program ${why}: npm install finds version ${version} only if it is published; otherwise make a tarball (npm run pack in a clone) and name it with --package FILE`,
  };
}

/** A tarball or folder is named by its path from the new folder; anything else is npm's to understand. */
function specifierOf(asked: string, folder: string): string {
  const path = resolve(asked.replace(/^file:/, ''));
  if (existsSync(path)) return pathFrom(folder, path);
  const isPath =
    /^(file:|\.{0,2}[/\\]|[A-Za-z]:[/\\])/.test(asked) || /^(?![a-z+]+:).*\.(tgz|tar\.gz)$/.test(asked);
  if (!isPath) return asked;
  throw new CommandError(`--package: there is no ${path}; npm run pack in a clone makes a tarball`);
}

function pathFrom(folder: string, path: string): string {
  return `file:${relative(folder, path).replaceAll('\\', '/')}`;
}

/**
 * The place that a package was installed from, as npm notes it: `registry`, `file:` and an absolute path, or a URL.
 *
 * @returns undefined for a clone, or a folder that was linked
 */
function originOf(own: string): string | undefined {
  const modules = dirname(own);
  if (basename(modules) !== 'node_modules' || /[\\/]mosaic-siem-relay@(file|link)/.test(own))
    return undefined;
  const notes = join(modules, '.package-lock.json');
  // Other package managers keep notes of their own, and mostly install from the registry.
  if (!existsSync(notes)) return 'registry';
  const { packages } = JSON.parse(readFileSync(notes, 'utf8')) as {
    readonly packages?: Readonly<Record<string, { readonly resolved?: string }>>;
  };
  const resolved = packages?.[`node_modules/${basename(own)}`]?.resolved ?? '';
  if (resolved.startsWith('file:'))
    return `file:${resolve(dirname(modules), resolved.slice('file:'.length))}`;
  // The registry's own tarballs: `…/mosaic-siem-relay/-/mosaic-siem-relay-1.0.0.tgz`.
  return resolved === '' || resolved.includes('/-/') ? 'registry' : resolved;
}
