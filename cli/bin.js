#!/usr/bin/env node
// The program `relay` of the installed package. The check comes before every import, and this file is plain JavaScript
// without `await` at its top, so that also a Node far too old for the rest can read it and say so.

const own = process.versions.node;
const [major = 0, minor = 0] = own.split('.').map(Number);

// Node reads settings in TypeScript from 22.18 on.
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`relay needs Node 22.18 or newer; this is Node ${own}\n`);
  process.exitCode = 2;
} else if (process.argv[2] === 'try') {
  // The local run again, against a real Mosaic.
  import('./local-run.js').then(({ localRun }) => localRun('relay try'));
} else if (process.argv[2] === 'start') {
  // What `npm start` calls in a folder that `relay init` wrote: the local run, which reads a command line of its own.
  // npm tells the script that it runs.
  const called = process.env.npm_lifecycle_event === 'start' ? 'npm start' : 'relay start';
  import('./local-run.js').then(({ localRun }) => localRun(called));
} else {
  import('./run-relay.ts').then(({ runRelay }) => runRelay());
}
