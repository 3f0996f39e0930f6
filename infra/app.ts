import { relayApp } from './index.ts';

const app = await relayApp(import('./config/stages.ts'));
app.synth();
