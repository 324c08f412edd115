// Starts the real VS Code, whose workbench Playwright drives in headless Chromium.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { chromium } from 'playwright-core';

/** How long anything may take: a workbench is slow to start on a small machine. */
export const patience = 180_000;

const userSettings = {
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'editor.hover.delay': 100,
  'git.enabled': false,
  'npm.autoDetect': 'off',
  'chat.commandCenter.enabled': false,
  'chat.disableAIFeatures': true,
  'files.hotExit': 'off',
};

function freePort() {
  return new Promise((resolve, reject) => {
    const s = net.createServer();
    s.once('error', reject);
    s.listen(0, '127.0.0.1', () => {
      const { port } = s.address();
      s.close(() => resolve(port));
    });
  });
}

/**
 * A running VS Code server with a folder of data of its own.
 * options: code (the program), data (a folder), vsix (a package to install), env
 */
export async function startCode({ code, data, vsix, env = {} }) {
  for (const scope of ['User', 'Machine']) {
    fs.mkdirSync(path.join(data, 'data', scope), { recursive: true });
    fs.writeFileSync(path.join(data, 'data', scope, 'settings.json'), JSON.stringify(userSettings));
  }
  const common = ['--server-data-dir', data, '--accept-server-license-terms'];
  if (vsix) {
    const installed = spawnSync(code, [...common, '--install-extension', vsix, '--force'], { encoding: 'utf8' });
    if (installed.status !== 0) {
      throw new Error(`installing ${vsix}: ${installed.stdout}${installed.stderr}`);
    }
  }
  const port = await freePort();
  const log = path.join(data, 'server.log');
  const out = fs.openSync(log, 'w');
  const server = spawn(
    code,
    [...common, '--host', '127.0.0.1', '--port', String(port), '--without-connection-token', '--disable-telemetry', '--disable-workspace-trust'],
    { env: { ...process.env, ...env }, stdio: ['ignore', out, out], detached: true },
  );
  let ended = false;
  server.once('exit', () => (ended = true));
  const end = Date.now() + patience;
  for (;;) {
    if (ended || Date.now() > end) {
      throw new Error(`VS Code did not start:\n${fs.readFileSync(log, 'utf8')}`);
    }
    try {
      if ((await fetch(`http://127.0.0.1:${port}/version`)).ok) {
        break;
      }
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50)); // it does not listen yet
    }
  }
  return {
    address: (params) => `http://127.0.0.1:${port}/?${new URLSearchParams(params)}`,
    remote: (file) => `vscode-remote://127.0.0.1:${port}${file}`,
    stop() {
      // With its children: extension hosts, and the language server.
      if (!ended) {
        process.kill(-server.pid, 'SIGTERM');
      }
    },
  };
}

/** A page of 1280 by 800 in headless Chromium. */
export async function openBrowser() {
  const browser = await chromium.launch({
    executablePath: process.env.LECTERN_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  page.setDefaultTimeout(patience);
  return { browser, page };
}
