import { type AsyncSettings, defaultAsyncSettings, type FunctionDefinition } from './function-definition.ts';

/** The functions of an account: their code and their settings, found by any name that Lambda takes. */
export class FunctionRegistry {
  readonly #functions = new Map<string, FunctionEntry>();

  /** Creates the function, or replaces its `$LATEST`, the only version there is. */
  put(definition: FunctionDefinition): void {
    const entry = this.#functions.get(definition.arn);
    if (entry === undefined) this.#functions.set(definition.arn, newEntry(definition));
    else entry.latest = definition;
  }

  remove(arn: string): void {
    this.#functions.delete(arn);
  }

  /** @param settings undefined for Lambda's defaults */
  setAsync(arn: string, qualifier: string, settings: AsyncSettings | undefined): void {
    const { asynchronous } = this.#entry(arn);
    if (settings === undefined) asynchronous.delete(qualifier);
    else asynchronous.set(qualifier, settings);
  }

  /** True while this very definition can still be called. */
  holds(definition: FunctionDefinition): boolean {
    const entry = this.#functions.get(definition.arn);
    return entry?.latest === definition;
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
    if (qualifier !== '$LATEST') throw new Error(`ResourceNotFoundException: Function not found: ${name}`);
    return {
      definition: entry.latest,
      invokedArn: entry.latest.arn,
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
  readonly asynchronous: Map<string, AsyncSettings>;
}

function newEntry(latest: FunctionDefinition): FunctionEntry {
  return { latest, asynchronous: new Map() };
}

/** `arn:aws:lambda:region:account:function:name[:qualifier]`, or `name[:qualifier]`. */
function splitQualifier(name: string): [base: string, qualifier: string] {
  const parts = name.split(':');
  const baseParts = name.startsWith('arn:') ? 7 : 1;
  return [parts.slice(0, baseParts).join(':'), parts[baseParts] ?? '$LATEST'];
}
