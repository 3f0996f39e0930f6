import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An empty folder that goes with the test. */
export function emptyFolder() {
  const path = mkdtempSync(join(tmpdir(), 'relay-init-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Every file of a folder, by its name. */
export function filesIn(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder).toSorted();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** The stages of a settings file that `relay init` wrote, without the package that it imports. */
export function stagesIn(source: string): Readonly<Record<string, unknown>> {
  const body = stripTypeScriptTypes(source.replace(/^import .*$/m, '')).replace(
    'export const stages =',
    'return',
  );
  return new Function('defineStages', body)((stages: object) => stages);
}
