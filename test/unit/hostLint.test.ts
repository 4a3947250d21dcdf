import assert from 'node:assert/strict';
import { ESLint, Linter } from 'eslint';
import { repositoryRoot } from '../helpers/repository';

const rule = 'no-restricted-syntax';

/** The files that may show text as it is, each with what it may. */
const doors = ['plainWindow.ts', 'documents/documentMessages.ts', 'trees/tooltips.ts', 'panels/panel.ts'];

/** Ways around the one door that makes plain text of what the editor is told, each with the file that is that door. */
const waysAround: readonly (readonly [code: string, door: string])[] = [
  ...[
    'vscode.window.showErrorMessage("x")',
    'window["showErrorMessage"]("x")',
    'const { showErrorMessage } = vscode.window',
    'const { showErrorMessage: tell } = window',
    'const { "showQuickPick": ask } = window',
    'const { window: { withProgress } } = vscode',
    'function tell({ setStatusBarMessage }) {}',
    'input.title = "x"',
    'input.validationMessage = "x"',
  ].map((code) => [code, 'plainWindow.ts'] as const),
  ['panel.title = "x"', 'panels/panel.ts'],
  ['throw new vscode.FileSystemError("x")', 'documents/documentMessages.ts'],
  ['const { FileSystemError } = vscode', 'documents/documentMessages.ts'],
  ['import { FileSystemError as Failure } from "vscode"', 'documents/documentMessages.ts'],
  ['new vscode.MarkdownString("x")', 'trees/tooltips.ts'],
  ['const { MarkdownString } = vscode', 'trees/tooltips.ts'],
];

describe('the rules for the host', function () {
  // the configuration loads the rules that know types
  this.timeout(60_000);

  const entries = new Map<string, Linter.RuleEntry>();
  before(async () => {
    const eslint = new ESLint({ cwd: repositoryRoot });
    for (const file of ['prompts.ts', ...doors]) {
      const config = (await eslint.calculateConfigForFile(`src/extension/${file}`)) as Linter.Config;
      entries.set(file, config.rules?.[rule] ?? 'off');
    }
  });

  function complaints(code: string, file: string): string[] {
    const found = new Linter().verify(code, { rules: { [rule]: entries.get(file) ?? 'off' } });
    return found.map(({ message }) => message);
  }

  for (const [code, door] of waysAround) {
    it(`know a way around: ${code}`, () => {
      const [complaint, ...others] = complaints(code, 'prompts.ts');
      assert.match(complaint ?? '', /^(The editor finds links|Markdown makes links)/);
      assert.deepEqual(others, []);
      assert.deepEqual(complaints(code, door), [], 'one file may');
    });
  }

  it('leave alone what only has the name', () => {
    for (const code of [
      'withProgress(title, work)',
      'import { withProgress } from "../prompts"',
      'show({ title })',
    ])
      assert.deepEqual(complaints(code, 'prompts.ts'), []);
  });
});
