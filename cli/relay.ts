#!/usr/bin/env node
// What `npx relay` runs. Nothing is imported above the check, because other files need what an older Node lacks.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `relay needs Node 22.18 or newer, and Node 24 is recommended; this is ${process.version}\n`,
  );
  process.exitCode = 2;
} else {
  const { runRelay } = await import('./run-relay.ts');
  await runRelay();
}
