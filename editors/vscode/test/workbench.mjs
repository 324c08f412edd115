// One pass through the packaged extension in the workbench, as a user makes it, with
// screenshots: workbench.mjs CODE VSIX WORKSPACE DATA SCREENS
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { openBrowser, startCode } from './driver.mjs';

const [code, vsix, workspace, data, screens] = process.argv.slice(2).map((p) => path.resolve(p));
fs.mkdirSync(screens, { recursive: true });
const server = await startCode({ code, data, vsix });
const { browser, page } = await openBrowser();
const file = path.join(workspace, 'src/progress.rs');

const step = (text) => console.log(`ok ${text}`);
const shot = (name) => page.screenshot({ path: path.join(screens, `${name}.png`) });
const line = (text) => page.locator('.monaco-editor .view-line', { hasText: text }).first();

// Where a word of the code is on the screen.
async function wordBox(text, word) {
  const box = await line(text).evaluate((element, wanted) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = node.textContent.indexOf(wanted);
      if (at >= 0) {
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + wanted.length);
        const r = range.getBoundingClientRect();
        return { x: r.x + r.width / 2, y: r.y + r.height / 2 };
      }
    }
    return null;
  }, word);
  if (!box) {
    throw new Error(`${word} is not on the screen`);
  }
  return box;
}

// Picks an entry of the quick input that shows a prompt. An editor that opens late takes
// the focus and closes the input: then it is opened again.
async function pick(openInput, text, entry) {
  const row = page.locator('.quick-input-list .monaco-list-row', { hasText: entry }).first();
  const end = Date.now() + 120_000;
  for (;;) {
    try {
      await openInput();
      await page.locator('.quick-input-widget input.input').fill(text, { timeout: 10_000 });
      await row.click({ timeout: 10_000 });
      return;
    } catch (err) {
      if (Date.now() > end) {
        throw err;
      }
    }
  }
}

const command = (title) => pick(() => page.keyboard.press('F1'), `>Lectern: ${title}`, `Lectern: ${title}`);

let failed = false;
try {
  await page.goto(
    server.address({ folder: workspace, payload: JSON.stringify([['openFile', server.remote(file)]]) }),
  );
  await page.waitForSelector('.monaco-workbench');
  await line('WORDS.store').waitFor();
  await page.waitForSelector('.monaco-editor .squiggly-warning');
  await shot('1-squiggle');
  step('a squiggle');

  await page.keyboard.press('Control+Shift+M');
  await page.waitForSelector('.markers-panel .monaco-list-row:has-text("Another thread can change")');
  await shot('2-problems');
  step('an entry in Problems');
  await page.keyboard.press('Control+Shift+M');
  await page.waitForSelector('.markers-panel', { state: 'hidden' });

  const at = await wordBox('WORDS.store', 'store');
  await page.mouse.move(at.x - 30, at.y + 60);
  await page.mouse.move(at.x, at.y, { steps: 5 });
  await page.waitForSelector('.monaco-hover:visible:has-text("Atomics and their orderings")');
  await shot('3-hover');
  step('a hover');

  await page.locator('.monaco-hover:visible a', { hasText: 'Atomics and their orderings' }).first().click();
  await page.waitForSelector('.tab[aria-label*="Atomics and their orderings"]');
  const lesson = await previewFrame('Atomics and their orderings');
  await shot('4-lesson');
  step('a link in the hover opens the lesson beside the code');

  await lesson.getByRole('heading', { name: 'In your code' }).scrollIntoViewIfNeeded();
  await lesson.locator('a', { hasText: 'src/progress.rs' }).first().waitFor();
  await shot('5-places');
  step('the lesson lists places in the code');
  await lesson.locator('a', { hasText: 'src/progress.rs' }).first().click();
  await page.waitForSelector('.editor-group-container.active .monaco-editor .view-line:has-text("AtomicUsize")');
  step('a link in the lesson leads back to the code');

  await pick(() => command('Open Lesson...'), 'One allocator', 'One allocator for the whole program');
  const allocators = await previewFrame('One allocator for the whole program');
  await allocators.locator('a', { hasText: 'orderings' }).first().click();
  await previewFrame('Atomics and their orderings');
  step('a link in a lesson leads to another lesson');

  await line('WORDS.store').waitFor();
  const word = await wordBox('WORDS.store', 'store');
  await page.mouse.click(word.x, word.y);
  // The light bulb says that VS Code knows of actions here.
  await page.waitForSelector('.monaco-editor .codicon-light-bulb, .monaco-editor .codicon-lightbulb, .monaco-editor .lightBulbWidget');
  const actions = page.locator('.action-widget', { hasText: 'Add in one step' });
  for (let tries = 1; ; tries++) {
    await page.keyboard.press('Control+.');
    try {
      await actions.waitFor({ timeout: 15_000 });
      break;
    } catch (err) {
      if (tries === 8) {
        throw err;
      }
    }
  }
  await shot('6-quick-fix');
  await page.waitForSelector('.action-widget .monaco-list-row.focused:has-text("Add in one step")'); // the first
  await page.keyboard.press('Enter');
  await line('fetch_add').waitFor();
  await page.keyboard.press('Control+S');
  await expectOnDisk('WORDS.fetch_add');
  step('a quick fix is applied');

  await command('List Course');
  const view = page.locator('.pane', { hasText: 'Course' });
  await view.locator('.monaco-list-row', { hasText: 'Atomics and their orderings' }).first().waitFor();
  await view.locator('.monaco-list-row', { hasText: 'Atomics and their orderings' }).first().click();
  const place = view.locator('.monaco-list-row', { hasText: 'src/progress.rs:' }).first();
  await place.waitFor();
  await shot('7-course');
  step('the Course view lists lessons and their places');
  await place.click();
  await page.waitForSelector('.statusbar-item:has-text("5 selected")'); // the word while
  step('a click on a place opens it');

  await command('Show Version');
  await page.waitForSelector('.notification-toast:has-text("comes with the extension")');
  await shot('8-version');
  step('the version names the bundled program');
} catch (err) {
  failed = true;
  console.log(`not ok: ${err.stack}`);
  await shot('failed');
  fs.copyFileSync(path.join(data, 'server.log'), path.join(screens, 'failed-server.log'));
} finally {
  await browser.close();
  server.stop();
}
process.exit(failed ? 1 : 0);

// The frame of the Markdown preview that shows a heading.
async function previewFrame(heading) {
  const end = Date.now() + 120_000;
  while (Date.now() < end) {
    for (const frame of page.frames()) {
      const found = frame.getByRole('heading', { name: heading, level: 1 });
      if (await found.isVisible().catch(() => false)) {
        return frame;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no preview shows the heading ${heading}`);
}

async function expectOnDisk(text) {
  const end = Date.now() + 60_000;
  while (!fs.readFileSync(file, 'utf8').includes(text)) {
    if (Date.now() > end) {
      throw new Error(`${file} does not contain ${text}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
