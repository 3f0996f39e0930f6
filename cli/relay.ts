#!/usr/bin/env node
// What `npx relay` runs. The rest is imported after the check, because an older Node cannot even load it.
import './node-version.js';

const { runRelay } = await import('./run-relay.ts');
await runRelay();
