// The language client: which program it starts, its life, and what it does differently
// from any other client.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as vscode from 'vscode';
import {
  LanguageClient,
  State,
  type LanguageClientOptions,
  type Middleware,
  type StaticFeature,
} from 'vscode-languageclient/node';
import { describe, findProgram, type Program } from './program';
import { commandLink, openPageCommand, withCommandLinks } from './links';
import type { ListedCourse, Place, ServerStatus } from './protocol';

/** Shows pages of the course: see lessonPanel.ts. */
export interface Pages {
  show(address: string): Promise<boolean>;
}

export class Session implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private program: Program | undefined;
  private readonly changed = new vscode.EventEmitter<void>();
  private status: ServerStatus | undefined;
  private missing: string | undefined;
  // Starts and stops follow each other.
  private turn: Promise<void> = Promise.resolve();

  private readonly pageChanged = new vscode.EventEmitter<string>();

  /** Fires when the server starts, stops, or tells something else of itself. */
  readonly onDidChange = this.changed.event;
  /** Fires when the course has another text for a page that was read, with its address. */
  readonly onDidChangePage = this.pageChanged.event;
  pages: Pages | undefined;

  constructor(
    private readonly context: vscode.ExtensionContext,
    readonly log: vscode.LogOutputChannel,
  ) {}

  start(): Promise<void> {
    return this.inTurn(() => this.begin());
  }

  stop(): Promise<void> {
    return this.inTurn(() => this.end());
  }

  restart(): Promise<void> {
    return this.inTurn(async () => {
      await this.end();
      await this.begin();
    });
  }

  private inTurn(step: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(step).catch((err) => this.log.error(String(err)));
    return this.turn;
  }

  private async begin(): Promise<void> {
    const found = findProgram({
      setting: vscode.workspace.getConfiguration('lectern').get<string | null>('server.path'),
      extension: this.context.extensionPath,
      path: process.env.PATH ?? '',
      home: os.homedir(),
      platform: process.platform,
      exists: (file) => fs.existsSync(file) && fs.statSync(file).isFile(),
    });
    if ('missing' in found) {
      this.program = undefined;
      this.missing = found.missing;
      this.log.error(found.missing);
      this.changed.fire();
      void this.offerHelp(found.missing);
      return;
    }
    this.missing = undefined;
    this.program = found;
    this.log.info(`starting ${describe(found)}`);
    const client = new LanguageClient(
      'lectern',
      'Lectern',
      { command: found.file, args: ['serve'], options: { cwd: os.homedir() } },
      this.options(),
    );
    client.registerFeature(serverStatusFeature);
    client.onNotification('experimental/serverStatus', (status: ServerStatus) => {
      this.status = status;
      this.changed.fire();
    });
    client.onDidChangeState((e) => {
      if (e.newState !== State.Running) {
        this.status = undefined;
      }
      this.changed.fire();
    });
    this.client = client;
    try {
      await client.start();
      for (const { onDidChangeEmitter } of client.getFeature('workspace/textDocumentContent')?.getProviders() ?? []) {
        onDidChangeEmitter.event((uri) => this.pageChanged.fire(uri.toString(true)));
      }
    } catch (err) {
      this.log.error(`the server did not start: ${String(err)}`);
      void this.offerHelp(`Lectern's server did not start: ${describe(found)}.`);
    }
    this.changed.fire();
  }

  private async end(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client) {
      await client.dispose().catch((err) => this.log.warn(`the server did not end well: ${String(err)}`));
    }
    this.changed.fire();
  }

  private async offerHelp(message: string): Promise<void> {
    const settings = 'Open Settings';
    const log = 'Show Log';
    const answer = await vscode.window.showErrorMessage(
      `${message} Build it with "go install ./cmd/lectern" in a checkout of Lectern, or name it in the setting lectern.server.path.`,
      settings,
      log,
    );
    if (answer === settings) {
      await vscode.commands.executeCommand('workbench.action.openSettings', 'lectern.server.path');
    } else if (answer === log) {
      this.log.show();
    }
  }

  private options(): LanguageClientOptions {
    return {
      documentSelector: [
        { scheme: 'file', language: 'rust' },
        { scheme: 'untitled', language: 'rust' },
        { scheme: 'vscode-vfs', language: 'rust' },
        { scheme: 'file', pattern: '**/Cargo.toml' },
      ],
      outputChannel: this.log,
      middleware: this.middleware(),
    };
  }

  private middleware(): Middleware {
    return {
      provideHover: async (document, position, token, next) => {
        const hover = await next(document, position, token);
        if (hover) {
          hover.contents = hover.contents.map((content) => {
            if (!(content instanceof vscode.MarkdownString)) {
              return content;
            }
            const linked = new vscode.MarkdownString(withCommandLinks(content.value));
            linked.isTrusted = { enabledCommands: [openPageCommand] };
            return linked;
          });
        }
        return hover;
      },
      provideDocumentLinks: async (document, token, next) => {
        const links = await next(document, token);
        for (const link of links ?? []) {
          if (link.target?.scheme === 'lectern') {
            link.target = vscode.Uri.parse(commandLink(openPageCommand, link.target.toString(true)));
          }
        }
        return links;
      },
      window: {
        showDocument: async (params, token, next) => {
          if (params.uri.startsWith('lectern:') && this.pages) {
            return { success: await this.pages.show(params.uri) };
          }
          return next(params, token);
        },
      },
    };
  }

  get running(): boolean {
    return this.client?.state === State.Running;
  }

  /** The state of the server in words, and how bad it is. */
  describe(): { text: string; severity: 'ok' | 'warning' | 'error'; busy: boolean } {
    if (this.missing) {
      return { text: this.missing, severity: 'error', busy: false };
    }
    if (!this.running) {
      const starting = this.client?.state === State.Starting;
      return { text: starting ? 'starting' : 'not running', severity: starting ? 'ok' : 'error', busy: starting };
    }
    const health = this.status?.health ?? 'ok';
    return {
      text: this.status?.message ?? 'ready',
      severity: health,
      busy: this.status ? !this.status.quiescent : false,
    };
  }

  /** Which server runs: its name, version and file. */
  version(): string {
    if (!this.program) {
      return this.missing ?? 'No server was started.';
    }
    const info = this.client?.initializeResult?.serverInfo;
    return `${info ? `Lectern ${info.version ?? ''}`.trim() : 'Lectern'}: ${describe(this.program)}`;
  }

  /** Runs one of the server's commands; an error tells the user what is missing. */
  async execute<T>(command: string, ...args: unknown[]): Promise<T> {
    return this.ask('workspace/executeCommand', { command, arguments: args });
  }

  private async ask<T>(method: string, params: object): Promise<T> {
    if (!this.client || !this.running) {
      throw new Error('the language server does not run: see the log of Lectern');
    }
    return this.client.sendRequest<T>(method, params);
  }

  /** The Markdown text of a page of the course. */
  async page(address: string): Promise<string> {
    return (await this.ask<{ text: string }>('workspace/textDocumentContent', { uri: address })).text;
  }

  async courses(): Promise<ListedCourse[]> {
    return (await this.execute<{ courses: ListedCourse[] }>('lectern.listCourse')).courses;
  }

  async counts(): Promise<Record<string, number>> {
    return (await this.execute<{ sections: Record<string, number> }>('lectern.occurrences')).sections;
  }

  async places(section: string): Promise<{ count: number; places: Place[] }> {
    return this.execute('lectern.occurrences', section);
  }

  async statusText(): Promise<string> {
    return (await this.execute<{ text: string }>('lectern.status')).text;
  }

  dispose(): void {
    this.changed.dispose();
    this.pageChanged.dispose();
  }
}

// Says that the client shows how the server is.
const serverStatusFeature: StaticFeature = {
  fillClientCapabilities(capabilities) {
    capabilities.experimental = { ...(capabilities.experimental as object), serverStatusNotification: true };
  },
  initialize() {},
  getState() {
    return { kind: 'static' };
  },
  clear() {},
};
