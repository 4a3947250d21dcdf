// Draws media/icon.png from scripts/icon.svg. Usage: npx tsc -b test && node scripts/icon.mjs
import { readFileSync } from 'node:fs';
import helpers from '../out/test/helpers/browser.js';

const browser = await helpers.launchBrowser();
const page = await browser.newPage({ viewport: { width: 256, height: 256 } });
const svg = readFileSync('scripts/icon.svg', 'utf8');
await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${svg}`);
await page.screenshot({ path: 'media/icon.png', omitBackground: true });
await browser.close();
