import * as ts from 'typescript';
import type { Source } from './sources';

/** A regular expression of a source: as a literal, or as the code that builds it. */
export type Found =
  | { readonly kind: 'literal'; readonly path: string; readonly expression: RegExp }
  | { readonly kind: 'built'; readonly path: string; readonly code: string };

/** Every regular expression that the given sources hold. */
export function regularExpressionsIn(sources: readonly Source[]): Found[] {
  return sources.flatMap(({ path, text }) => {
    const found: Found[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node))
        found.push({ kind: 'literal', path, expression: expressionOf(node.text) });
      if (isBuilt(node)) found.push({ kind: 'built', path, code: node.getText() });
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(`${path}.tsx`, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX));
    return found;
  });
}

function isBuilt(node: ts.Node): boolean {
  return (ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'RegExp';
}

function expressionOf(literal: string): RegExp {
  const end = literal.lastIndexOf('/');
  return new RegExp(literal.slice(1, end), literal.slice(end + 1));
}

/** A text of any length that a slow expression would be slow on. */
export type Hostile = (length: number) => string;

/** What an expression looks for, over and over, and an end that it does not want. */
export function hostileTexts({ source }: RegExp): Hostile[] {
  const words = source.match(/[a-z0-9]{2,}|:\/\/|\\[ux]?[\da-f]{2,4}/gi) ?? [];
  const signs = Array.from(source.replaceAll(/\\[dswbDSWBpP]/g, ''));
  const common = ['a0', 'a ', ' \n', '\\"', 'a://', 'x=', ...Array.from('a0 \t\n"\'\\=:@,.-_/é')];
  const parts = new Set([...common, ...signs, ...words]);
  for (const word of words) for (const sign of ['"', "'", '=', ' ', ': ', '="', "='"]) parts.add(word + sign);
  return [...parts].flatMap((part) => ['\u0000', '\n!'].map((end) => repeated(part, end)));
}

function repeated(part: string, end: string): Hostile {
  return (length) => part.repeat(Math.ceil(length / part.length)).slice(0, length) + end;
}
