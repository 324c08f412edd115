// The view "Course": chapters, their lessons with the number of places in the workspace
// that each is about, and the places.
import * as vscode from 'vscode';
import { pitfallsFirst, type ListedChapter, type ListedSection, type Place } from './protocol';
import type { Session } from './session';

export type Node =
  | { kind: 'chapter'; chapter: ListedChapter }
  | { kind: 'section'; section: ListedSection }
  | { kind: 'place'; place: Place; title: string };

export class CourseView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly disposables: vscode.Disposable[] = [this.changed];
  private counts: Record<string, number> = {};
  private timer: NodeJS.Timeout | undefined;
  readonly onDidChangeTreeData = this.changed.event;
  readonly tree: vscode.TreeView<Node>;

  constructor(private readonly session: Session) {
    this.tree = vscode.window.createTreeView<Node>('lectern.course', { treeDataProvider: this, showCollapseAll: true });
    let ran = session.running;
    this.disposables.push(
      this.tree,
      session.onDidChange(() => {
        if (session.running !== ran) {
          ran = session.running;
          this.soon();
        }
      }),
      vscode.workspace.onDidSaveTextDocument((d) => {
        // Settings and courses too: they change what is listed.
        if (d.languageId === 'rust' || /\.(toml|yaml|md)$/.test(d.uri.path)) {
          this.soon();
        }
      }),
      this.tree.onDidChangeVisibility((e) => {
        if (e.visible) {
          this.refresh();
        }
      }),
    );
  }

  refresh(): void {
    this.changed.fire();
  }

  // Nobody waits for a view that is not to be seen, nor for each of many saves.
  private soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tree.visible && this.refresh(), 500);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (!this.session.running) {
      return [];
    }
    if (!node) {
      const courses = await this.session.courses();
      this.counts = await this.session.counts();
      return courses.flatMap((course) => course.chapters.map((chapter): Node => ({ kind: 'chapter', chapter })));
    }
    switch (node.kind) {
      case 'chapter':
        return node.chapter.sections
          .filter((s) => s.id !== '' && s.id.includes('/'))
          .map((section) => ({ kind: 'section', section }));
      case 'section': {
        const hints = new Map(node.section.hints.map((h) => [h.id, h]));
        const found = await this.session.places(node.section.id);
        return pitfallsFirst(found.places, (hint) => hints.get(hint)).map((place) => ({
          kind: 'place',
          place,
          title: hints.get(place.hint)?.title ?? place.hint,
        }));
      }
      case 'place':
        return [];
    }
  }

  getTreeItem(node: Node): vscode.TreeItem {
    switch (node.kind) {
      case 'chapter': {
        const count = node.chapter.sections.reduce((sum, s) => sum + (this.counts[s.id] ?? 0), 0);
        const item = new vscode.TreeItem(
          node.chapter.title,
          count > 0 ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed,
        );
        item.id = `chapter ${node.chapter.id}`;
        item.contextValue = 'chapter';
        item.description = this.number(count);
        return item;
      }
      case 'section': {
        const count = this.counts[node.section.id] ?? 0;
        const item = new vscode.TreeItem(
          node.section.title,
          count > 0 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
        );
        // The number is a part of the id, so that places are asked for anew when it changes.
        item.id = `section ${node.section.id} ${count}`;
        item.contextValue = 'section';
        item.description = this.number(count);
        item.tooltip = `${node.section.title}: ${count === 1 ? '1 place' : `${count} places`} in the workspace`;
        if (count === 0) {
          item.command = { command: 'lectern.lesson', title: 'Open Lesson', arguments: [node.section.id] };
        }
        return item;
      }
      case 'place': {
        const uri = vscode.Uri.parse(node.place.uri);
        const { start, end } = node.place.range;
        const item = new vscode.TreeItem(node.title);
        item.description = `${vscode.workspace.asRelativePath(uri)}:${start.line + 1}`;
        item.tooltip = item.description;
        item.contextValue = 'place';
        item.command = {
          command: 'vscode.open',
          title: 'Open',
          arguments: [uri, { selection: new vscode.Range(start.line, start.character, end.line, end.character) }],
        };
        return item;
      }
    }
  }

  private number(count: number): string {
    return count > 0 ? String(count) : '';
  }

  dispose(): void {
    clearTimeout(this.timer);
    vscode.Disposable.from(...this.disposables).dispose();
  }
}
