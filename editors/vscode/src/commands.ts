// The commands of the palette.
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { CourseView, Node } from './courseView';
import type { Session } from './session';

export function registerCommands(context: vscode.ExtensionContext, session: Session, view: CourseView): vscode.Disposable {
  const table: Record<string, (...args: never[]) => unknown> = {
    'lectern.restart': () => session.restart(),
    'lectern.showLog': () => session.log.show(),
    'lectern.showVersion': () => vscode.window.showInformationMessage(session.version()),
    'lectern.showStatus': () => showStatus(session),
    'lectern.lesson': (which?: string | Node) => openLesson(session, which),
    'lectern.course': () => vscode.commands.executeCommand('lectern.course.focus'),
    'lectern.chapter': (id?: string | null) => setChapter(session, id),
    'lectern.toggleHints': () => toggleHints(),
    'lectern.openSample': () => openSample(context),
    'lectern.refreshCourse': () => view.refresh(),
  };
  return vscode.Disposable.from(
    ...Object.entries(table).map(([name, run]) =>
      vscode.commands.registerCommand(name, async (...args: never[]) => {
        try {
          return await run(...args);
        } catch (err) {
          session.log.error(`${name}: ${String(err)}`);
          void vscode.window.showErrorMessage(`Lectern: ${err instanceof Error ? err.message : String(err)}`);
          return undefined;
        }
      }),
    ),
  );
}

async function showStatus(session: Session): Promise<void> {
  session.log.info(`${session.version()}\n${await session.statusText()}`);
  session.log.show();
}

// The document that a question is about: folders may have courses of their own.
function aboutDocument(): string[] {
  const uri = vscode.window.activeTextEditor?.document.uri;
  return uri?.scheme === 'file' ? [uri.toString()] : [];
}

async function openLesson(session: Session, which?: string | Node): Promise<void> {
  let id = typeof which === 'string' ? which : which?.kind === 'section' ? which.section.id : undefined;
  if (!id) {
    const items = (await session.courses()).flatMap((course) =>
      course.chapters.flatMap((chapter) =>
        chapter.sections
          .filter((s) => s.id !== '')
          .map((s) => ({ label: s.title, description: chapter.title, detail: s.id })),
      ),
    );
    id = (await vscode.window.showQuickPick(items, { placeHolder: 'Which lesson?', matchOnDescription: true, matchOnDetail: true }))?.detail;
  }
  if (id) {
    await session.execute('lectern.openLesson', id, ...aboutDocument());
  }
}

async function setChapter(session: Session, given?: string | null): Promise<void> {
  const chapters = (await session.courses()).flatMap((course) => course.chapters);
  const config = vscode.workspace.getConfiguration('lectern');
  let id = given;
  if (id === undefined) {
    const now = config.get<string | null>('upTo');
    const items = [
      { label: 'All chapters', id: null as string | null, description: now ? '' : 'now' },
      ...chapters.map((c) => ({ label: c.title, id: c.id as string | null, description: c.id === now ? 'now' : '' })),
    ];
    const picked = await vscode.window.showQuickPick(items, { placeHolder: 'Which chapter have you reached? Hints of later ones wait.' });
    if (!picked) {
      return;
    }
    id = picked.id;
  } else if (id !== null && !chapters.some((c) => c.id === id)) {
    throw new Error(`the course has no chapter ${id}`);
  }
  await config.update('upTo', id ?? undefined, target());
}

async function toggleHints(): Promise<void> {
  const config = vscode.workspace.getConfiguration('lectern');
  const on = config.get<boolean | null>('features.diagnostics') !== false;
  await config.update('features.diagnostics', on ? false : undefined, target());
  void vscode.window.setStatusBarMessage(on ? 'Lectern: hints are hidden' : 'Lectern: hints are shown', 3000);
}

// Where a choice is kept: with the workspace if there is one.
function target(): vscode.ConfigurationTarget {
  return vscode.workspace.workspaceFolders ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
}

async function openSample(context: vscode.ExtensionContext): Promise<void> {
  const file = vscode.Uri.file(path.join(context.extensionPath, 'media', 'sample.rs'));
  const content = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  const document = await vscode.workspace.openTextDocument({ language: 'rust', content });
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
}
