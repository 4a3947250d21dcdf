// Writes test/golden/vsix-files.txt from what is built. Usage: npm run golden:vsix
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const args = ['node_modules/@vscode/vsce/vsce', 'ls', '--no-dependencies'];
const files = execFileSync(process.execPath, args, { encoding: 'utf8' }).trim().split(/\r?\n/).sort();
writeFileSync('test/golden/vsix-files.txt', `${files.join('\n')}\n`);
