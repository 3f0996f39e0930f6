import { type Installed, install } from './install.ts';

/** Why a Java program cannot run here; undefined where it can. Both programs that need it are built for Java 17. */
export async function javaMisses(folder: string, { compiler = false } = {}): Promise<string | undefined> {
  const asked: Installed = await install('java', ['-version'], folder);
  if (asked.missing !== undefined) return asked.missing;
  const version = Number(/version "(\d+)/.exec(asked.output)?.[1]);
  if (!(version >= 17)) return `Java here is ${version}, and 17 is needed`;
  if (!compiler) return undefined;
  const modules = await install('java', ['--list-modules'], folder);
  if (modules.missing !== undefined) return modules.missing;
  return modules.output.includes('jdk.compiler') ? undefined : 'Java here has no compiler, which a JDK has';
}
