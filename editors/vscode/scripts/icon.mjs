// Draws media/icon.png from media/icon.svg, by Chromium.
import fs from 'node:fs';
import { openBrowser } from '../test/driver.mjs';

const { browser, page } = await openBrowser();
await page.setViewportSize({ width: 128, height: 128 });
await page.setContent(`<body style="margin:0">${fs.readFileSync('media/icon.svg', 'utf8')}</body>`);
await page.screenshot({ path: 'media/icon.png', omitBackground: true });
await browser.close();
