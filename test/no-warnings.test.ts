import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chooseStage } from '../infra/config/choose-stage.ts';
import { stages } from '../infra/config/stages.ts';
import { stageApp } from '../infra/stage-app.ts';
import { inFolder, unbundled } from './infra/synthesized.ts';

const root = join(import.meta.dirname, '..');

test.each(Object.keys(stages))('cdk synth has nothing to warn of in the stage %s', (name) => {
  const chosen = chooseStage(stages, name);
  if ('problems' in chosen) throw new Error(chosen.problems.join('\n'));
  const { messages, flags } = inFolder((outdir) => {
    const assembly = stageApp(chosen.stage, { context: unbundled, outdir }).synth();
    const artifacts = Object.values(assembly.manifest.artifacts ?? {});
    return {
      messages: assembly.stacks.flatMap((stack) => stack.messages),
      flags: artifacts.flatMap(({ type, properties }) =>
        type === 'cdk:feature-flag-report'
          ? Object.entries((properties as { readonly flags: Readonly<Record<string, Flag>> }).flags)
          : [],
      ),
    };
  });

  expect(messages.filter(({ level }) => level !== 'info').map(({ entry }) => entry.data)).toEqual([]);
  // The command counts each flag that is not set and does not behave as recommended.
  expect(flags.length).toBeGreaterThan(50);
  expect(flags.filter(([, { userValue }]) => userValue === undefined).map(([flag]) => flag)).toEqual([]);
});

interface Flag {
  readonly userValue?: unknown;
}

test.each(['start', 'relay'])('npm run %s begins without a warning', (script) => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const [, ...words] = scripts[script]!.split(' ');
  const { npm_config_user_agent: _, ...env } = process.env;
  const { status, stderr } = spawnSync(process.execPath, [...words, '--help'], {
    cwd: root,
    encoding: 'utf8',
    env,
  });

  expect([status, stderr]).toEqual([0, '']);
});

test('npm ci installs no package that is deprecated, and none with a script of which nobody has decided', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<
      Record<string, { readonly deprecated?: string; readonly hasInstallScript?: boolean }>
    >;
  };
  const { allowScripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly allowScripts: Readonly<Record<string, boolean>>;
  };
  const installed = Object.entries(packages).map(([path, facts]) => ({
    name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
    ...facts,
  }));

  expect(installed.filter(({ deprecated }) => deprecated !== undefined)).toEqual([]);
  expect(
    installed.filter(({ name, hasInstallScript }) => hasInstallScript && !(name in allowScripts)),
  ).toEqual([]);
});
