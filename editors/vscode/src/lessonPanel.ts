// Lessons and hints as rendered Markdown beside the code: one panel, without scripts, which
// VS Code's own Markdown renderer fills. Its built-in preview would do but for one thing:
// it has no links to places in the code.
import * as vscode from 'vscode';
import { backCommand, commandLink, escapeHtml, openPageCommand, openPlaceCommand, placesHtml, withPageLinks } from './links';
import { pitfallsFirst } from './protocol';
import type { Pages, Session } from './session';

export class LessonPanel implements Pages, vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private readonly trail: string[] = []; // addresses of the pages shown, the present one last
  private shown = ''; // the HTML
  private readonly disposables: vscode.Disposable[] = [];

  constructor(
    private readonly session: Session,
    private readonly media: vscode.Uri,
  ) {
    session.pages = this;
    this.disposables.push(
      vscode.commands.registerCommand(openPageCommand, (address: string) => this.show(address)),
      vscode.commands.registerCommand(openPlaceCommand, (uri: string, line: number) => openPlace(uri, line)),
      vscode.commands.registerCommand(backCommand, () => this.back()),
      // A course that is edited changes the page that is shown.
      session.onDidChangePage((address) => void this.update(address)),
    );
  }

  /** The address and the HTML of what is shown, for the tests. */
  get page(): { address: string; html: string } | undefined {
    const address = this.trail.at(-1);
    return this.panel && address ? { address, html: this.shown } : undefined;
  }

  async show(address: string): Promise<boolean> {
    let text: string;
    try {
      text = await this.session.page(address.replace(/#.*/, ''));
    } catch (err) {
      void vscode.window.showErrorMessage(`Lectern: ${err instanceof Error ? err.message : String(err)}`);
      return false;
    }
    if (this.trail.at(-1) !== address) {
      this.trail.push(address);
    }
    if (!this.panel) {
      this.panel = vscode.window.createWebviewPanel('lectern.lesson', 'Lesson', { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true }, {
        enableScripts: false,
        enableFindWidget: true,
        enableCommandUris: [openPageCommand, openPlaceCommand, backCommand],
        localResourceRoots: [this.media],
      });
      this.panel.iconPath = vscode.Uri.joinPath(this.media, 'view.svg');
      this.panel.onDidDispose(() => {
        this.panel = undefined;
        this.trail.length = 0;
      });
    } else {
      this.panel.reveal(undefined, true);
    }
    await this.render(address, text);
    return true;
  }

  private async back(): Promise<void> {
    if (this.trail.length > 1) {
      this.trail.pop();
      await this.show(this.trail.at(-1)!);
    }
  }

  private async update(changed: string): Promise<void> {
    const address = this.trail.at(-1);
    if (this.panel && address?.replace(/#.*/, '') === changed) {
      try {
        await this.render(address, await this.session.page(changed));
      } catch {
        // It is no more in the course: what is shown stays.
      }
    }
  }

  private async render(address: string, text: string): Promise<void> {
    const [body, places] = await Promise.all([
      vscode.commands.executeCommand<string>('markdown.api.render', text),
      this.places(address),
    ]);
    if (!this.panel || this.trail.at(-1) !== address) {
      return; // another page was asked for meanwhile
    }
    const webview = this.panel.webview;
    const style = webview.asWebviewUri(vscode.Uri.joinPath(this.media, 'lesson.css'));
    const back = this.trail.length > 1 ? `<p class="back"><a href="${commandLink(backCommand)}">‹ Back</a></p>` : '';
    const html = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${webview.cspSource}">
<link rel="stylesheet" href="${escapeHtml(style.toString())}">
</head>
<body>
${back}${withPageLinks(body, address)}
${places}</body>
</html>`;
    this.panel.title = /^# (.+)$/m.exec(text)?.[1] ?? 'Lesson';
    if (html !== this.shown || webview.html === '') {
      this.shown = html;
      webview.html = html;
    }
  }

  // The places in the workspace that a lesson is about.
  private async places(address: string): Promise<string> {
    const section = vscode.Uri.parse(address).path.split('/').filter(Boolean).slice(1).join('/').replace(/\.md$/, '');
    if (section.split('/').length !== 2 || section.endsWith('/README')) {
      return ''; // a chapter or a hint
    }
    try {
      const [found, courses] = await Promise.all([this.session.places(section), this.session.courses()]);
      const hints = new Map(courses.flatMap((c) => c.chapters.flatMap((ch) => ch.sections.flatMap((s) => s.hints.map((h) => [h.id, h])))));
      return placesHtml(
        pitfallsFirst(found.places, (hint) => hints.get(hint)),
        found.count,
        (uri) => vscode.workspace.asRelativePath(vscode.Uri.parse(uri)),
        (hint) => hints.get(hint)?.title ?? hint,
      );
    } catch (err) {
      this.session.log.warn(`the places of ${section} are not known: ${String(err)}`);
      return '';
    }
  }

  dispose(): void {
    this.session.pages = undefined;
    this.panel?.dispose();
    vscode.Disposable.from(...this.disposables).dispose();
  }
}

// Opens a place in the code, not over the lesson but beside it.
async function openPlace(uri: string, line: number): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  const at = new vscode.Position(line, document.lineAt(Math.min(line, document.lineCount - 1)).firstNonWhitespaceCharacterIndex);
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, selection: new vscode.Range(at, at) });
}
