import { type AsyncSettings, defaultAsyncSettings, type FunctionDefinition } from './function-definition.ts';

/** The functions of an account: their versions, aliases and settings, found by any name that Lambda takes. */
export class FunctionRegistry {
  readonly #functions = new Map<string, FunctionEntry>();

  /** Creates the function, or replaces its `$LATEST`; published versions stay as they are. */
  put(definition: FunctionDefinition): void {
    const entry = this.#functions.get(definition.arn);
    if (entry === undefined) this.#functions.set(definition.arn, newEntry(definition));
    else entry.latest = definition;
  }

  remove(arn: string): void {
    this.#functions.delete(arn);
  }

  /** @returns the version's number, `1`.. */
  publish(arn: string): string {
    const entry = this.#entry(arn);
    const version = String(++entry.published);
    entry.versions.set(version, { ...entry.latest, version });
    return version;
  }

  setAlias(arn: string, name: string, version: string): void {
    this.#entry(arn).aliases.set(name, version);
  }

  removeAlias(arn: string, name: string): void {
    this.#entry(arn).aliases.delete(name);
  }

  /** @param settings undefined for Lambda's defaults */
  setAsync(arn: string, qualifier: string, settings: AsyncSettings | undefined): void {
    const { asynchronous } = this.#entry(arn);
    if (settings === undefined) asynchronous.delete(qualifier);
    else asynchronous.set(qualifier, settings);
  }

  /** Whether this very version can still be called. */
  holds(definition: FunctionDefinition): boolean {
    const entry = this.#functions.get(definition.arn);
    return entry?.latest === definition || entry?.versions.get(definition.version) === definition;
  }

  /** Of every function, as `$LATEST` is now. */
  definitions(): readonly FunctionDefinition[] {
    return [...this.#functions.values()].map(({ latest }) => latest);
  }

  /** @param name a logical id, a function's name, or an ARN; the last two may carry a qualifier */
  find(name: string): FoundFunction {
    const [base, qualifier] = splitQualifier(name);
    const entry =
      this.#functions.get(base) ??
      [...this.#functions.values()].find(({ latest }) => latest.name === base || latest.logicalId === base);
    if (entry === undefined) throw new Error(`ResourceNotFoundException: Function not found: ${name}`);
    const version = entry.aliases.get(qualifier) ?? qualifier;
    const definition = version === '$LATEST' ? entry.latest : entry.versions.get(version);
    if (definition === undefined) throw new Error(`ResourceNotFoundException: Function not found: ${name}`);
    return {
      definition,
      invokedArn: qualifier === '$LATEST' ? entry.latest.arn : `${entry.latest.arn}:${qualifier}`,
      asynchronous: entry.asynchronous.get(qualifier) ?? defaultAsyncSettings,
    };
  }

  #entry(arn: string): FunctionEntry {
    const entry = this.#functions.get(arn);
    if (entry === undefined) throw new Error(`ResourceNotFoundException: Function not found: ${arn}`);
    return entry;
  }
}

export interface FoundFunction {
  readonly definition: FunctionDefinition;
  readonly invokedArn: string;
  readonly asynchronous: AsyncSettings;
}

interface FunctionEntry {
  latest: FunctionDefinition;
  published: number;
  readonly versions: Map<string, FunctionDefinition>;
  readonly aliases: Map<string, string>;
  readonly asynchronous: Map<string, AsyncSettings>;
}

function newEntry(latest: FunctionDefinition): FunctionEntry {
  return { latest, published: 0, versions: new Map(), aliases: new Map(), asynchronous: new Map() };
}

/** `arn:aws:lambda:region:account:function:name[:qualifier]`, or `name[:qualifier]`. */
function splitQualifier(name: string): [base: string, qualifier: string] {
  const parts = name.split(':');
  const baseParts = name.startsWith('arn:') ? 7 : 1;
  return [parts.slice(0, baseParts).join(':'), parts[baseParts] ?? '$LATEST'];
}
