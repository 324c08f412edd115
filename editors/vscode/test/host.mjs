// Runs test/host in the extension host: host.mjs CODE EXTENSION WORKSPACE DATA REPORT
// Exit code 0 when all tests passed.
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { openBrowser, patience, startCode } from './driver.mjs';

const [code, extension, workspace, data, report] = process.argv.slice(2).map((p) => path.resolve(p));
const server = await startCode({ code, data, env: { LECTERN_REPORT: report } });
const { browser, page } = await openBrowser();
let result = 'timeout';
try {
  const finished = new Promise((resolve) => {
    void page.exposeFunction('codeAutomationExit', resolve);
  });
  await page.exposeFunction('codeAutomationLog', () => {});
  await page.goto(
    server.address({
      workspace,
      payload: JSON.stringify([
        ['extensionDevelopmentPath', server.remote(extension)],
        ['extensionTestsPath', server.remote(path.join(extension, 'dist/host/index.js'))],
        ['skipWelcome', 'true'],
      ]),
    }),
  );
  result = await Promise.race([finished, new Promise((resolve) => setTimeout(resolve, 3 * patience, 'timeout').unref())]);
} finally {
  if (result !== 0 && process.env.LECTERN_SCREENS) {
    await page.screenshot({ path: path.join(process.env.LECTERN_SCREENS, 'vscode-host-failed.png') });
  }
  await browser.close();
  server.stop();
}
console.log(fs.existsSync(report) ? fs.readFileSync(report, 'utf8') : 'no report: the tests did not start');
process.exit(result === 0 ? 0 : 1);
