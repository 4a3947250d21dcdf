import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { repositoryRoot } from '../../helpers/repository';

/** An entry of a menu, or a keybinding. */
export interface Contribution {
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
  readonly key?: string;
  readonly mac?: string;
}

export interface Setting {
  readonly type: string;
  readonly scope?: string;
  readonly order?: number;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly description?: string;
  readonly markdownDescription?: string;
}

/** The parts of package.json that the tests look at. */
export interface Manifest extends Readonly<Record<string, unknown>> {
  readonly activationEvents: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: {
      readonly supported: unknown;
      readonly description: string;
      readonly restrictedConfigurations: readonly string[];
    };
    readonly virtualWorkspaces: unknown;
  };
  readonly contributes: {
    readonly viewsContainers: {
      readonly activitybar: readonly { id: string; title: string; icon: string }[];
    };
    readonly views: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>;
    readonly viewsWelcome: readonly { view: string; contents: string; when: string }[];
    readonly commands: readonly { command: string; title: string; category?: string; icon?: string }[];
    readonly menus: Readonly<Record<string, readonly Contribution[]>>;
    readonly keybindings: readonly Contribution[];
    readonly configuration: {
      readonly title: string;
      readonly properties: Readonly<Record<string, Setting>>;
    };
    readonly colors: readonly {
      id: string;
      description: string;
      defaults: Readonly<Record<string, string>>;
    }[];
    readonly walkthroughs: readonly {
      steps: readonly { media: Record<string, string>; completionEvents: readonly string[] }[];
    }[];
  };
}

export const manifest = readJson('package.json') as Manifest;
export const texts = readJson('package.nls.json') as Readonly<Record<string, string>>;

/** A text of the manifest with its `%key%` looked up. */
export function textOf(value: string): string {
  return value.replace(/^%(.+)%$/, (whole, key: string) => texts[key] ?? whole);
}

/** Members of an interface of src/extension/contract.ts, each with the text of its type. */
export function contract(name: 'Commands' | 'Settings' | 'ContextKeys'): Map<string, string> {
  const source = parsed('src/extension/contract.ts');
  const found = source.statements.find(
    (statement): statement is ts.InterfaceDeclaration =>
      ts.isInterfaceDeclaration(statement) && statement.name.text === name,
  );
  const members = found?.members.filter(ts.isPropertySignature) ?? [];
  return new Map(
    members.map((member) => [
      ts.isStringLiteral(member.name) ? member.name.text : member.name.getText(source),
      member.type?.getText(source) ?? '',
    ]),
  );
}

/** A source file as a syntax tree. */
export function parsed(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readText(path), ts.ScriptTarget.Latest, true);
}

/** Text of a file of the repository. */
export function readText(path: string): string {
  return readFileSync(join(repositoryRoot, path), 'utf8');
}

function readJson(path: string): unknown {
  return JSON.parse(readText(path));
}

/** Whether a `when` clause of `&&`, `!`, `==` and `>` holds. */
export function holds(when: string, keys: Readonly<Record<string, boolean | number>>): boolean {
  return when.split('&&').every((part) => {
    const [, not = '', key = '', operator, right] =
      /^(!?)([\w.]+)(?: (==|>) (\d+))?$/.exec(part.trim()) ?? [];
    const value = keys[key];
    if (value === undefined) throw new Error(`${part} is more than this test understands`);
    if (operator === undefined) return Boolean(value) !== (not === '!');
    return operator === '==' ? value === Number(right) : Number(value) > Number(right);
  });
}
