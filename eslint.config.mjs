import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Syntax the project does without, each with what to do instead. */
const banned = [
  { selector: 'TSEnumDeclaration', message: 'Use a union of string literals instead of an enum.' },
  { selector: 'ExportDefaultDeclaration', message: 'Export by name, so that a search finds every use.' },
  {
    selector: 'TSAsExpression > TSAsExpression',
    message: 'A double cast hides a mismatch: parse the value, or give the function the right type.',
  },
  {
    selector: 'ExportAllDeclaration',
    message: 'Import from the file that declares the thing: barrels hide dependencies.',
  },
];

const plainWindow =
  'The editor finds links to commands and icons in what it is told: go through src/extension/plainWindow.ts, which makes text of it.';

/** The ways to take a member of the editor by its name. */
const reach = (names) =>
  [
    `MemberExpression[property.name=/^(${names})$/]`,
    `MemberExpression[property.value=/^(${names})$/]`,
    `ObjectPattern > Property[key.name=/^(${names})$/]`,
    `ObjectPattern > Property[key.value=/^(${names})$/]`,
    `ImportDeclaration[source.value="vscode"] > ImportSpecifier[imported.name=/^(${names})$/]`,
  ].join(', ');

/** Ways to show text that the editor would take for more, each with the one file that may use it. */
const bannedInHost = [
  {
    selector: reach(
      'show(Information|Warning|Error)Message|setStatusBarMessage|showInputBox|showQuickPick|createInputBox|createQuickPick|createStatusBarItem|withProgress',
    ),
    message: plainWindow,
    files: ['src/extension/plainWindow.ts'],
  },
  {
    selector: 'AssignmentExpression[left.property.name=/^(title|prompt|placeholder|validationMessage)$/]',
    message: plainWindow,
    files: ['src/extension/plainWindow.ts', 'src/extension/panels/panel.ts'],
  },
  {
    selector: reach('FileSystemError'),
    message:
      'The editor finds links in the message of a file error: use the functions of src/extension/documents/documentMessages.ts.',
    files: ['src/extension/documents/documentMessages.ts'],
  },
  {
    selector: reach('MarkdownString'),
    message:
      'Markdown makes links of what servers say: append text, as src/extension/trees/tooltips.ts does.',
    files: ['src/extension/trees/tooltips.ts'],
  },
];

const bannedInTests = [
  {
    selector: 'MemberExpression[object.name=/^(it|describe|suite|test)$/][property.name=/^(skip|only)$/]',
    message: 'Every test runs, every time: fix it or delete it.',
  },
];

/** The rule for every file of the host, and for each file with an exception the rule without it. */
function hostRules() {
  const rule = (files, exempt) => ({
    files,
    rules: {
      'no-restricted-syntax': [
        'error',
        ...banned,
        ...bannedInHost
          .filter((entry) => !entry.files.includes(exempt))
          .map(({ selector, message }) => ({ selector, message })),
      ],
    },
  });
  const exempt = bannedInHost.flatMap(({ files }) => files);
  return [rule(['src/extension/**/*.ts']), ...exempt.map((file) => rule([file], file))];
}

const nodeGlobals = Object.fromEntries(
  [
    'require',
    'module',
    'process',
    'console',
    'Buffer',
    'URL',
    'fetch',
    'setTimeout',
    'clearTimeout',
    'AbortSignal',
  ].map((name) => [name, 'readonly']),
);

export default tseslint.config(
  { ignores: ['out/', 'dist/', 'coverage/', 'artifacts/', 'node_modules/', '.vscode-test/'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-namespace': ['error', { allowDeclarations: true }],
      '@typescript-eslint/no-invalid-void-type': ['error', { allowAsThisParameter: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/only-throw-error': ['error', { allowRethrowing: true, allowThrowingUnknown: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // A port is asynchronous even where one adapter happens not to wait.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      complexity: ['error', 15],
      eqeqeq: 'error',
      'max-lines': ['error', 400],
      'no-restricted-syntax': ['error', ...banned],
    },
  },
  {
    files: ['src/**/*.ts', 'webview-ui/**/*.{ts,tsx}'],
    rules: {
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
    },
  },
  ...hostRules(),
  {
    files: ['test/**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-restricted-syntax': ['error', ...banned, ...bannedInTests],
    },
  },
  {
    files: ['**/*.{mjs,cjs}'],
    languageOptions: { globals: nodeGlobals },
    rules: { complexity: ['error', 15], 'max-lines': ['error', 400] },
  },
);
