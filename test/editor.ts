import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The compiler's language server, asked as an editor asks it. */
export interface Editor extends AsyncDisposable {
  /** Opens a file with a text that need not be on disk. @param path from the root */
  open(path: string, text: string): void;
  /** What an editor shows of the word that `at` points to, an offset into the text; empty where it shows nothing. */
  hover(path: string, at: number): Promise<string>;
}

/** @param root a folder with a `tsconfig.json`; the server reads all files that this includes before its first answer */
export async function startEditor(root: string): Promise<Editor> {
  const compiler = join(import.meta.dirname, '../node_modules/typescript/lib/tsc.js');
  const server = spawn(process.execPath, [compiler, '--lsp', '-stdio'], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const { ask, tell } = connect(server);
  const texts = new Map<string, string>();
  const uriOf = (path: string) => pathToFileURL(join(root, path)).href;
  await ask('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(root).href,
    capabilities: { textDocument: { hover: { contentFormat: ['markdown', 'plaintext'] } } },
  });
  tell('initialized', {});
  return {
    open(path, text) {
      texts.set(path, text);
      tell('textDocument/didOpen', {
        textDocument: { uri: uriOf(path), languageId: 'typescript', version: 1, text },
      });
    },
    async hover(path, at) {
      const before = (texts.get(path) ?? '').slice(0, at).split('\n');
      const position = { line: before.length - 1, character: before.at(-1)!.length };
      const answer = (await ask('textDocument/hover', { textDocument: { uri: uriOf(path) }, position })) as {
        readonly contents?: { readonly value?: string };
      } | null;
      return answer?.contents?.value ?? '';
    },
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill();
      await ended;
    },
  };
}

/** JSON-RPC over the server's pipes. What the server asks of the editor is answered with nothing. */
function connect(server: ChildProcess) {
  const waiting = new Map<number, (result: unknown) => void>();
  let next = 0;
  let received = Buffer.alloc(0);
  const send = (message: object) => {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    server.stdin!.write(`Content-Length: ${body.length}\r\n\r\n`);
    server.stdin!.write(body);
  };
  const take = (message: Message) => {
    if (message.method !== undefined) {
      if (message.id !== undefined) send({ id: message.id, result: null });
      return;
    }
    waiting.get(message.id as number)?.(message.result);
    waiting.delete(message.id as number);
  };
  server.stdout!.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    for (;;) {
      const end = received.indexOf('\r\n\r\n');
      if (end === -1) return;
      const length = Number(/Content-Length: (\d+)/i.exec(received.subarray(0, end).toString())?.[1]);
      if (received.length < end + 4 + length) return;
      take(JSON.parse(received.subarray(end + 4, end + 4 + length).toString()) as Message);
      received = received.subarray(end + 4 + length);
    }
  });
  return {
    tell: (method: string, params: object) => send({ method, params }),
    ask: (method: string, params: object) => {
      const id = ++next;
      const answered = new Promise<unknown>((resolve) => waiting.set(id, resolve));
      send({ id, method, params });
      return answered;
    },
  };
}

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly result?: unknown;
}
