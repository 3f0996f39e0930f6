import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the bundles of this test run are kept. */
    bundleFolder: string;
  }
}

/** Vitest's global setup: a folder for `make-bundle.ts` beside this file, empty again when a watched source changes. */
export function setup(project: TestProject): () => void {
  const bundleFolder = mkdtempSync(join(tmpdir(), 'relay-bundles-'));
  const remove = () => rmSync(bundleFolder, { recursive: true, force: true });
  project.provide('bundleFolder', bundleFolder);
  project.onTestsRerun(() => {
    remove();
    mkdirSync(bundleFolder);
  });
  return remove;
}
