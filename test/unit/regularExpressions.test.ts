import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { createContext, Script } from 'node:vm';
import { type Hostile, hostileTexts, regularExpressionsIn } from '../helpers/regularExpressions';
import { sourcesIn } from '../helpers/sources';

/** Expressions that code builds, as it may build them; what is not here has no test. */
const built: Readonly<Record<string, readonly RegExp[]>> = {
  'src/engine/transfer/commandTexts': [/^# commands end (\d+) (\d+)$/],
  'src/providers/codecs/base64Layer': [/.{1,76}/g],
  'src/providers/codecs/jwtFace': [/"exp"\s*:\s*(\d{1,11})(?:\.\d+)?\s*[,}]/],
  'webview-ui/app/escapedText': [], // of a literal that stands beside it
};

const kibi = 1024;
const small = 64 * kibi;
const large = 1024 * kibi;
/** What is done within this is no harm, whatever it grew by, milliseconds: far above noise. */
const harmlessMs = 250;
/** Longest time one expression may take, milliseconds; one whose time grows with the square takes minutes. */
const deadlineMs = 2000;
/** How much longer sixteen times the text may take: a line would be 16, a square 256. */
const mostGrowth = 64;

const context = createContext({});
const run = new Script('text.replace(expression, "")');

/** Milliseconds an expression takes for a text: its shortest of several runs, which a busy machine spoils least. */
function timeOf(expression: RegExp, text: string, runs: number): number {
  Object.assign(context, { text, expression });
  let shortest = deadlineMs;
  for (let each = 0; each < runs && (each === 0 || shortest > harmlessMs / 10); each++) {
    const start = performance.now();
    try {
      run.runInContext(context, { timeout: deadlineMs });
    } catch {
      return deadlineMs;
    }
    shortest = Math.min(shortest, performance.now() - start);
  }
  return shortest;
}

/** The hostile texts that an expression is slowest on. */
function worst(expression: RegExp): Hostile[] {
  return hostileTexts(expression)
    .map((text) => ({ text, ms: timeOf(expression, text(4 * kibi), 1) }))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, 2)
    .map(({ text }) => text);
}

/** What is wrong with an expression; undefined where its time grows with the length of the text. */
function fault(expression: RegExp): string | undefined {
  for (const text of worst(expression)) {
    const before = timeOf(expression, text(small), 5);
    const after = timeOf(expression, text(large), 5);
    if (after >= deadlineMs || (after > harmlessMs && after > before * mostGrowth))
      return `${String(expression)}: ${before} ms became ${after} ms on ${JSON.stringify(text(40))}`;
  }
  return undefined;
}

describe('regular expressions', function () {
  this.timeout(300_000);
  // the slowest of several hostile texts for each of some hundred expressions, up to 1 MiB long
  const found = regularExpressionsIn(sourcesIn('src', 'webview-ui'));

  it('that code builds are known here, with examples', () => {
    const unknown = found.filter(({ kind, path }) => kind === 'built' && !(path in built));
    assert.deepEqual(unknown, [], 'name what it may build in this test, or write a literal');
    const paths = new Set(found.filter(({ kind }) => kind === 'built').map(({ path }) => path));
    assert.deepEqual(
      Object.keys(built).filter((path) => !paths.has(path)),
      [],
    );
  });

  it('take time that grows with a hostile text, and no faster', () => {
    const literals = found.flatMap((each) => (each.kind === 'literal' ? [each.expression] : []));
    assert.ok(literals.length > 150);
    const all = new Map([...literals, ...Object.values(built).flat()].map((each) => [String(each), each]));
    assert.deepEqual(
      [...all.values()].map(fault).filter((each) => each !== undefined),
      [],
    );
  });

  it('are told apart by this test: one whose time grows with the square is found', () => {
    assert.match(fault(/\s+$/) ?? '', /became/);
  });
});
