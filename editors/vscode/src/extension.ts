// Starts the language server for Rust files and shows its lessons. The server does the work.
import * as vscode from 'vscode';
import { registerCommands } from './commands';
import { CourseView } from './courseView';
import { LessonPanel } from './lessonPanel';
import { Session } from './session';
import { StatusItem } from './statusItem';

let session: Session | undefined;

/** What the tests look at. */
export interface Api {
  session: Session;
  view: CourseView;
  status: StatusItem;
  lessons: LessonPanel;
}

export async function activate(context: vscode.ExtensionContext): Promise<Api> {
  const log = vscode.window.createOutputChannel('Lectern', { log: true });
  session = new Session(context, log);
  const lessons = new LessonPanel(session, vscode.Uri.joinPath(context.extensionUri, 'media'));
  const view = new CourseView(session);
  const status = new StatusItem(session);
  context.subscriptions.push(
    log,
    session,
    lessons,
    view,
    status,
    registerCommands(context, session, view),
    vscode.workspace.onDidChangeConfiguration((e) => {
      if (e.affectsConfiguration('lectern.server.path')) {
        void session?.restart();
      }
    }),
  );
  await session.start();
  return { session, view, status, lessons };
}

export function deactivate(): Promise<void> | undefined {
  return session?.stop();
}
