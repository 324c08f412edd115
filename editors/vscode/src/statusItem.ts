// The state of the server, where VS Code shows that of a language.
import * as vscode from 'vscode';
import type { Session } from './session';

export class StatusItem implements vscode.Disposable {
  readonly item: vscode.LanguageStatusItem;
  private readonly listener: vscode.Disposable;

  constructor(private readonly session: Session) {
    this.item = vscode.languages.createLanguageStatusItem('lectern.status', [
      { language: 'rust' },
      { pattern: '**/Cargo.toml' },
    ]);
    this.item.name = 'Lectern';
    this.listener = session.onDidChange(() => this.update());
    this.update();
  }

  private update(): void {
    const state = this.session.describe();
    this.item.text = 'Lectern';
    this.item.detail = state.text;
    this.item.busy = state.busy;
    this.item.severity = {
      ok: vscode.LanguageStatusSeverity.Information,
      warning: vscode.LanguageStatusSeverity.Warning,
      error: vscode.LanguageStatusSeverity.Error,
    }[state.severity];
    this.item.command =
      state.severity === 'error'
        ? { command: 'lectern.restart', title: 'Restart' }
        : { command: 'lectern.showStatus', title: 'Status' };
  }

  dispose(): void {
    this.listener.dispose();
    this.item.dispose();
  }
}
