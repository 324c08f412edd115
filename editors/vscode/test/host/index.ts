// Tests inside the extension host of the real VS Code. The workspace has two folders:
// "demo", the demo crate, and "own", a crate with a course of its own.
import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Api } from '../../src/extension';

const tests: [string, () => Promise<void>][] = [];
const test = (name: string, run: () => Promise<void>) => tests.push([name, run]);

// Conditions are looked at again until they hold: nothing waits for a length of time.
async function until<T>(what: string, look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + 60_000;
  for (;;) {
    const value = await look();
    if (value) {
      return value;
    }
    assert.ok(Date.now() < end, `waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

function folder(name: string): string {
  const found = vscode.workspace.workspaceFolders?.find((f) => f.name === name);
  assert.ok(found, `no folder ${name}`);
  return found.uri.fsPath;
}

async function open(file: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
  return vscode.window.showTextDocument(document, vscode.ViewColumn.One);
}

const codeOf = (d: vscode.Diagnostic) => String(typeof d.code === 'object' ? d.code.value : d.code);

function finding(uri: vscode.Uri, hint: string): vscode.Diagnostic | undefined {
  return vscode.languages.getDiagnostics(uri).find((d) => codeOf(d) === hint);
}

async function progress(): Promise<{ editor: vscode.TextEditor; at: vscode.Diagnostic; uri: vscode.Uri }> {
  const editor = await open(path.join(folder('demo'), 'src/progress.rs'));
  const uri = editor.document.uri;
  const at = await until('lost-update', () => finding(uri, 'lost-update'));
  return { editor, at, uri };
}

let api: Api;

test('the bundled program runs, and says so', async () => {
  await progress();
  assert.match(api.session.version(), /server\/lectern \(comes with the extension\)/);
  await until('ready', () => api.status.item.detail === 'ready');
});

test('diagnostics, each once', async () => {
  const { at, uri, editor } = await progress();
  assert.equal(at.severity, vscode.DiagnosticSeverity.Warning);
  assert.equal(at.source, 'lectern');
  assert.equal(editor.document.getText(at.range), 'store');
  assert.ok(at.relatedInformation?.length, 'no related information');
  const seen = vscode.languages.getDiagnostics(uri).map((d) => `${codeOf(d)} ${d.range.start.line}:${d.range.start.character}`);
  assert.deepEqual(seen, [...new Set(seen)]);
});

test('hover, with a link that opens the lesson', async () => {
  const { at, uri } = await progress();
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, at.range.start);
  const text = hovers.flatMap((h) => h.contents.map((c) => (typeof c === 'string' ? c : c.value))).join('\n');
  assert.match(text, /Atomics and their orderings/);
  assert.match(text, /\]\(command:lectern\.openPage\?[^)]*lock-free/);
});

test('code actions: fix, lesson, explanation, allow', async () => {
  const { at, uri } = await progress();
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', uri, at.range);
  const titles = actions.map((a) => a.title).join('\n');
  for (const want of [/Add in one step/, /Open lesson: Atomics and their orderings/, /Explain/, /Allow/]) {
    assert.match(titles, want);
  }
});

test('a fix is applied, and the finding is gone', async () => {
  const { at, uri, editor } = await progress();
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', uri, at.range, undefined, 50);
  const fix = actions.find((a) => a.title.includes('Add in one step'));
  assert.ok(fix?.edit, 'the fix has no edit');
  assert.ok(await vscode.workspace.applyEdit(fix.edit));
  assert.match(editor.document.lineAt(at.range.start.line).text, /fetch_add/);
  await until('no lost-update', () => !finding(uri, 'lost-update'));
  await vscode.commands.executeCommand('undo');
  await until('lost-update again', () => finding(uri, 'lost-update'));
});

test('fix all on save', async () => {
  const file = path.join(folder('own'), 'src/fixable.rs');
  const editor = await open(file);
  await until('shout', () => finding(editor.document.uri, 'shout'));
  const config = vscode.workspace.getConfiguration('editor', editor.document.uri);
  await config.update('codeActionsOnSave', { 'source.fixAll.lectern': 'explicit' }, vscode.ConfigurationTarget.Workspace);
  // VS Code gives actions on save a moment only, which a busy machine may not have.
  await until('the fixed text on disk', async () => {
    await editor.edit((e) => e.insert(new vscode.Position(0, 0), '// changed\n'));
    await editor.document.save();
    return fs.readFileSync(file, 'utf8').includes('    whisper();');
  });
  await config.update('codeActionsOnSave', undefined, vscode.ConfigurationTarget.Workspace);
  assert.ok(!fs.readFileSync(file, 'utf8').includes('    shout();'));
});

// The tab of the lesson that is in front.
const lessonTab = () =>
  vscode.window.tabGroups.all
    .flatMap((g) => g.tabs)
    .find((t) => t.isActive && t.input instanceof vscode.TabInputWebview && t.input.viewType.includes('lectern.lesson'));

async function openLesson(): Promise<{ address: string; html: string }> {
  const { at, uri } = await progress();
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', uri, at.range);
  const lesson = actions.find((a) => a.title.startsWith('Open lesson: Atomics'));
  assert.ok(lesson?.command);
  await vscode.commands.executeCommand(lesson.command.command, ...(lesson.command.arguments ?? []));
  return until('the lesson', () => api.lessons.page);
}

test('a lesson opens beside the code, as rendered Markdown', async () => {
  const page = await openLesson();
  assert.equal(page.address, 'lectern:/advanced-rust/lock-free/orderings.md');
  assert.match(page.html, /<h1[^>]*>Atomics and their orderings<\/h1>/);
  assert.match(page.html, /default-src 'none'; style-src/);
  assert.ok(!page.html.includes('<script'), 'the page has a script');
  const tab = await until('the tab', lessonTab);
  assert.ok(tab.group.viewColumn > vscode.ViewColumn.One, 'it is not beside the code');
  await until('its title', () => lessonTab()?.label === 'Atomics and their orderings');
});

// The arguments of the first link to a command whose text matches.
function commandOf(html: string, text: RegExp): [string, unknown[]] {
  for (const [, command, query, label] of html.matchAll(/<a href="command:([\w.]+)\?([^"]*)">(.*?)<\/a>/gs)) {
    if (text.test(label!)) {
      return [command!, JSON.parse(decodeURIComponent(query!)) as unknown[]];
    }
  }
  throw new Error(`no link to a command with the text ${text}`);
}

test('a lesson tells where in the code it applies, and leads there', async () => {
  const page = await openLesson();
  assert.match(page.html, /In your code/);
  const [command, args] = commandOf(page.html, /src\/progress\.rs:\d+/);
  await vscode.commands.executeCommand(command, ...args);
  const editor = vscode.window.activeTextEditor;
  assert.match(editor!.document.uri.path, /progress\.rs$/);
  assert.equal(editor!.selection.active.line, args[1]);
});

test('links between lessons, and back', async () => {
  await openLesson();
  await vscode.commands.executeCommand('lectern.lesson', 'allocators/global-alloc');
  const page = await until('the other lesson', () => api.lessons.page?.address.includes('global-alloc') && api.lessons.page);
  const [command, args] = commandOf(page.html, /orderings/);
  await vscode.commands.executeCommand(command, ...args);
  await until('the first lesson', () => api.lessons.page?.address.includes('orderings'));
  assert.match(api.lessons.page!.html, /‹ Back/);
  await vscode.commands.executeCommand('lectern.back');
  await until('the lesson before', () => api.lessons.page?.address.includes('global-alloc'));
});

test('a page that is not there', async () => {
  const before = api.lessons.page?.address;
  assert.equal(await vscode.commands.executeCommand('lectern.openPage', 'lectern:/advanced-rust/no/such.md'), false);
  assert.equal(api.lessons.page?.address, before);
});

test('an address opens as text, too', async () => {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse('lectern:/advanced-rust/lock-free/orderings.md'));
  assert.equal(document.languageId, 'markdown');
  assert.match(document.getText(), /^# Atomics and their orderings\n/);
});

test('settings change hints at once', async () => {
  const { uri } = await progress();
  const config = () => vscode.workspace.getConfiguration('lectern');
  await config().update('hints', { 'lost-update': 'off' }, vscode.ConfigurationTarget.Workspace);
  await until('no lost-update', () => !finding(uri, 'lost-update'));
  await config().update('hints', undefined, vscode.ConfigurationTarget.Workspace);
  await until('lost-update', () => finding(uri, 'lost-update'));
});

test('my chapter', async () => {
  const { uri } = await progress();
  await vscode.commands.executeCommand('lectern.chapter', 'unsafe');
  await until('no lost-update', () => !finding(uri, 'lost-update'));
  assert.equal(vscode.workspace.getConfiguration('lectern').get('upTo'), 'unsafe');
  await vscode.commands.executeCommand('lectern.chapter', null);
  await until('lost-update', () => finding(uri, 'lost-update'));
});

test('toggle hints', async () => {
  const { uri } = await progress();
  await vscode.commands.executeCommand('lectern.toggleHints');
  await until('no hints', () => vscode.languages.getDiagnostics(uri).every((d) => d.source !== 'lectern'));
  await vscode.commands.executeCommand('lectern.toggleHints');
  await until('hints', () => finding(uri, 'lost-update'));
});

test('what is left alone in the settings is left to lectern.yaml', async () => {
  const { uri } = await progress();
  const file = path.join(folder('demo'), 'lectern.yaml');
  fs.writeFileSync(file, 'hints: {lost-update: off}\n');
  await until('no lost-update', () => !finding(uri, 'lost-update'));
  fs.rmSync(file);
  await until('lost-update', () => finding(uri, 'lost-update'));
});

test('the Course view counts places and lists them', async () => {
  await progress();
  await vscode.commands.executeCommand('lectern.course');
  const chapters = await until('chapters', async () => {
    const list = await api.view.getChildren();
    return list.length > 0 && list;
  });
  const chapter = chapters.find((n) => n.kind === 'chapter' && n.chapter.id === 'lock-free');
  assert.ok(chapter);
  const sections = await api.view.getChildren(chapter);
  const section = sections.find((n) => n.kind === 'section' && n.section.id === 'lock-free/orderings');
  assert.ok(section);
  const count = Number(api.view.getTreeItem(section).description);
  const places = await api.view.getChildren(section);
  assert.ok(count > 0);
  assert.equal(places.length, count);
  const place = places.find((n) => n.kind === 'place' && n.place.hint === 'lost-update');
  assert.ok(place);
  const item = api.view.getTreeItem(place);
  assert.ok(item.command);
  await vscode.commands.executeCommand(item.command.command, ...(item.command.arguments ?? []));
  const editor = await until('the place', () => vscode.window.activeTextEditor);
  assert.match(editor.document.uri.path, /progress\.rs$/);
  assert.equal(editor.document.getText(editor.selection), 'store');
});

test('two folders, each with its courses', async () => {
  const { uri } = await progress();
  const own = await open(path.join(folder('own'), 'src/main.rs'));
  await until('the hint of the own course', () => finding(own.document.uri, 'shout'));
  assert.equal(finding(uri, 'shout'), undefined);
});

test('a course file that is edited changes hints', async () => {
  const own = await open(path.join(folder('own'), 'src/main.rs'));
  await until('shout', () => finding(own.document.uri, 'shout'));
  const file = path.join(folder('own'), 'course/manners/voice/shout.md');
  const before = fs.readFileSync(file, 'utf8');
  fs.writeFileSync(file, before.replace('is loud', 'is very loud'));
  await until('the new message', () => finding(own.document.uri, 'shout')?.message.includes('very loud'));
  fs.writeFileSync(file, before.replace('"shout"', '"whisper"'));
  await until('no shout', () => !finding(own.document.uri, 'shout'));
  fs.writeFileSync(file, before);
  await until('shout', () => finding(own.document.uri, 'shout'));
});

test('a lesson that is edited is shown anew', async () => {
  const own = await open(path.join(folder('own'), 'src/main.rs'));
  await until('shout', () => finding(own.document.uri, 'shout'));
  await vscode.commands.executeCommand('lectern.lesson', 'manners/voice');
  await until('the lesson', () => api.lessons.page?.html.includes('Speak so that all can work'));
  const file = path.join(folder('own'), 'course/manners/voice.md');
  fs.appendFileSync(file, '\nOr sing.\n');
  await until('its new text', () => api.lessons.page?.html.includes('Or sing'));
});

test('the server rests when nothing happens', async () => {
  let changes = 0;
  const listener = api.session.onDidChange(() => changes++);
  await openLesson();
  const { uri } = await progress();
  // What was begun comes to an end; something that goes on by itself would show in each round.
  await until('a round of questions in which the server tells of nothing', async () => {
    changes = 0;
    for (let i = 0; i < 50; i++) {
      await vscode.commands.executeCommand('vscode.executeHoverProvider', uri, new vscode.Position(0, 0));
    }
    return changes === 0;
  });
  listener.dispose();
});

test('a mistake in a course file is told there', async () => {
  const file = path.join(folder('own'), 'course/manners/voice/shout.md');
  const before = fs.readFileSync(file, 'utf8');
  fs.writeFileSync(file, before.replace('call_expression', 'call_expresion'));
  const uri = vscode.Uri.file(file);
  const told = await until('a problem', () => vscode.languages.getDiagnostics(uri)[0]);
  assert.match(told.message, /call_expression/);
  fs.writeFileSync(file, before);
  await until('no problem', () => vscode.languages.getDiagnostics(uri).length === 0);
});

// The processes of the bundled server.
function servers(): number[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return fs.readlinkSync(`/proc/${pid}/exe`) === path.join(extensionPath(), 'server/lectern');
      } catch {
        return false;
      }
    })
    .map(Number);
}

const extensionPath = () => fs.realpathSync(vscode.extensions.getExtension('lectern.lectern')!.extensionPath);

test('a killed server is started again', async () => {
  const { editor, uri } = await progress();
  const before = servers();
  assert.equal(before.length, 1);
  process.kill(before[0]!, 'SIGKILL');
  const after = await until('another server', () => servers().find((pid) => pid !== before[0]));
  assert.notEqual(after, before[0]);
  await until('it runs', () => api.session.running);
  await editor.edit((e) => e.insert(new vscode.Position(0, 0), '\n'));
  await until('lost-update', () => finding(uri, 'lost-update'));
  await vscode.commands.executeCommand('undo');
});

test('restart by command', async () => {
  const { uri } = await progress();
  const before = servers();
  await vscode.commands.executeCommand('lectern.restart');
  await until('one other server', () => servers().length === 1 && servers()[0] !== before[0]);
  await until('lost-update', () => finding(uri, 'lost-update'));
});

test('without a program it says what to do', async () => {
  const config = vscode.workspace.getConfiguration('lectern');
  await config.update('server.path', '/no/such/lectern', vscode.ConfigurationTarget.Workspace);
  await until('the message', () => /server\.path names \/no\/such\/lectern/.test(api.session.version()));
  assert.match(String(api.status.item.detail), /not there/);
  await config.update('server.path', undefined, vscode.ConfigurationTarget.Workspace);
  await until('it runs again', () => api.session.running);
});

test('a file without a folder: the sample', async () => {
  await vscode.commands.executeCommand('lectern.openSample');
  const editor = await until('the sample', () => vscode.window.activeTextEditor?.document.isUntitled && vscode.window.activeTextEditor);
  await until('lost-update', () => finding(editor.document.uri, 'lost-update'));
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
});

test('commands have titles, and the palette knows them', async () => {
  const all = await vscode.commands.getCommands();
  const manifest = vscode.extensions.getExtension('lectern.lectern')!.packageJSON as {
    contributes: { commands: { command: string; title: string }[]; keybindings?: unknown };
  };
  for (const { command, title } of manifest.contributes.commands) {
    assert.ok(title);
    assert.ok(all.includes(command), `${command} is not registered`);
  }
  assert.equal(manifest.contributes.keybindings, undefined);
  await vscode.commands.executeCommand('lectern.showLog');
  await vscode.commands.executeCommand('lectern.showStatus');
});

test('the server ends with the extension', async () => {
  await api.session.stop();
  await until('no server', () => servers().length === 0);
});

export async function run(): Promise<void> {
  const out = process.env.LECTERN_REPORT!;
  const only = process.env.LECTERN_TEST;
  fs.writeFileSync(out, `VS Code ${vscode.version}, ${execFileSync('uname', ['-sm']).toString().trim()}\n`);
  const extension = vscode.extensions.getExtension<Api>('lectern.lectern');
  assert.ok(extension, 'the extension is not there');
  api = await extension.activate();
  let failed = 0;
  for (const [name, body] of tests) {
    if (only && !name.includes(only)) {
      continue;
    }
    try {
      await body();
      fs.appendFileSync(out, `ok ${name}\n`);
    } catch (err) {
      failed++;
      fs.appendFileSync(out, `not ok ${name}: ${err instanceof Error ? err.stack : String(err)}\n`);
    }
  }
  fs.appendFileSync(out, `done, ${failed} failed of ${tests.length}\n`);
  if (failed > 0) {
    throw new Error(`${failed} tests failed`);
  }
}
