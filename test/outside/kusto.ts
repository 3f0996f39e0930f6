import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { install } from './install.ts';

/** What Microsoft's own language service says of a query. */
export interface BoundQuery {
  readonly problems: readonly string[];
  /** Of the result, with their types: `EventId=string`. */
  readonly columns: readonly string[];
}

export interface Kusto {
  /** @param tables columns by the table's name, such as `TimeGenerated=datetime` */
  bind(query: string, tables: Readonly<Record<string, readonly string[]>>): BoundQuery;
}

/** Installs the language service. `missing` says why that did not succeed. */
export async function installKusto(folder: string, version: string): Promise<{ readonly missing?: string }> {
  return install(
    'npm',
    ['install', '--no-audit', '--no-fund', `@kusto/language-service-next@${version}`, '--prefix', folder],
    folder,
  );
}

/** Loads the language service, which is two scripts for a browser, into this process. */
export function loadKusto(folder: string): Kusto {
  const scripts = join(folder, 'node_modules/@kusto/language-service-next');
  for (const script of ['bridge.min.js', 'Kusto.Language.Bridge.min.js'])
    runInThisContext(readFileSync(join(scripts, script), 'utf8'), { filename: script });
  const { Language } = (globalThis as unknown as { readonly Kusto: { readonly Language: LanguageService } })
    .Kusto;
  const { Symbols, GlobalState, KustoCode } = Language;
  return {
    bind(query, tables) {
      const symbols = Object.entries(tables).map(([name, columns]) =>
        Symbols.TableSymbol.From(
          `(${columns.map((column) => column.replace('=', ': ')).join(', ')})`,
        ).WithName(name),
      );
      const database = new Symbols.DatabaseSymbol.$ctor1('workspace', symbols, false);
      const code = KustoCode.ParseAndAnalyze(query, GlobalState.Default.WithDatabase(database));
      return {
        problems: listed(code.GetDiagnostics()).map(({ Message }) => Message),
        columns: listed(code.ResultType?.Columns).map(({ Name, Type }) => `${Name}=${Type.Name}`),
      };
    },
  };
}

interface List<Item> {
  readonly Count: number;
  getItem(index: number): Item;
}

function listed<Item>(list: List<Item> | undefined): readonly Item[] {
  return Array.from({ length: list?.Count ?? 0 }, (_, index) => list!.getItem(index));
}

/** The part of the language service that is used here, by the names that its translation to JavaScript gave it. */
interface LanguageService {
  readonly Symbols: {
    readonly TableSymbol: { From(schema: string): { WithName(name: string): object } };
    readonly DatabaseSymbol: {
      readonly $ctor1: new (name: string, members: readonly object[], isOpen: boolean) => object;
    };
  };
  readonly GlobalState: { readonly Default: { WithDatabase(database: object): object } };
  readonly KustoCode: {
    ParseAndAnalyze(
      query: string,
      globals: object,
    ): {
      GetDiagnostics(): List<{ readonly Message: string }>;
      readonly ResultType?: {
        readonly Columns?: List<{ readonly Name: string; readonly Type: { readonly Name: string } }>;
      };
    };
  };
}
