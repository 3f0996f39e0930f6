import { expect, test } from 'vitest';
import { alarmSeverities } from '../../infra/config/alarm-names.ts';
import { pages } from './code-blocks.ts';

const { text } = pages.find(({ page }) => page === 'docs/runbook.md')!;

test.each(Object.keys(alarmSeverities))(
  'the article %s begins what to see with a command, and shows its output of a local run',
  (alarm) => {
    const article = text.split(new RegExp(`^### ${alarm}$`, 'm'))[1]!.split(/^##/m)[0]!;
    const [, command] = /^\*\*See\*\* [^`]*`(npx relay [^`]+)`/m.exec(article) ?? [];
    const [, sample = ''] = /^```text\n([\s\S]*?)^```$/m.exec(article) ?? [];

    expect(command).toBeDefined();
    expect(sample.trim()).not.toBe('');
    expect(sample).not.toMatch(/--out|\/tmp\//);
  },
);
