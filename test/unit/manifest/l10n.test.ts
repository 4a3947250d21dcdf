import { strict as assert } from 'node:assert';
import * as ts from 'typescript';
import { sourcesIn } from '../../helpers/sources';

/** A call of `vscode.l10n.t` or of its short name `t`. */
interface Call {
  readonly where: string;
  readonly first: ts.Expression | undefined;
  readonly values: readonly ts.Expression[];
}

function callsOf(path: string, text: string): Call[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const calls: Call[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^(?:(?:vscode\.)?l10n\.)?t$/.test(node.expression.getText(source))) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      const [first, ...values] = node.arguments;
      calls.push({ where: `${path}:${line + 1}`, first, values });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return calls;
}

const calls = sourcesIn('src/extension').flatMap(({ path, text }) => callsOf(path, text));

describe('translatable texts of the extension', () => {
  it('are string literals, so that they can be collected', () => {
    assert.ok(calls.length > 100, 'the calls are found');
    const others = calls.filter(({ first }) => !first || !ts.isStringLiteral(first));
    assert.deepEqual(
      others.map(({ where }) => where),
      [],
    );
  });

  it('have a value for each place, and a place for each value', () => {
    const wrong = calls.filter(({ first, values }) => {
      if (!first || !ts.isStringLiteral(first) || values.some(ts.isSpreadElement)) return false;
      const places = new Set([...first.text.matchAll(/\{(\d+)\}/g)].map(([, number]) => Number(number)));
      return places.size !== values.length || values.some((_, i) => !places.has(i));
    });
    assert.deepEqual(
      wrong.map(({ where }) => where),
      [],
    );
  });
});
