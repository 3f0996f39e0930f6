#!/usr/bin/env node
// The program of `npx relay`. Everything else is imported after the check, because an older Node cannot even load it.
import './node-version.js';

if (process.argv[2] === 'try') {
  const { localRun } = await import('./local-run.js');
  await localRun('relay try');
} else {
  const { runRelay } = await import('./run-relay.ts');
  await runRelay();
}
