import { stages } from './config/stages.ts';
import { relayApp } from './index.ts';

relayApp(stages).synth();
