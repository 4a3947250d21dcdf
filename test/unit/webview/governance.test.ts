import assert from 'node:assert/strict';
import * as v from 'valibot';
import { governanceMethods } from '../../../src/protocol/governance';
import { isTypedCount } from '../../../src/protocol/typedCount';
import { formatShare } from '../../../webview-ui/app/format';
import { lossText, sizeText } from '../../../webview-ui/surfaces/governance/datasetWords';
import { formOf, isSame, policyOf, problemsOf } from '../../../webview-ui/surfaces/governance/policyForm';
import { beforeOf, choiceProblem } from '../../../webview-ui/surfaces/governance/purgeChoice';

const mebibyte = 1024 * 1024;
const policy = {
  retentionDays: 30,
  budgetBytes: 128 * mebibyte,
  minimumKept: 100,
  autoPurgeOldest: true,
};

describe('A policy as it is typed', () => {
  it('is the policy again when nothing was changed', () => {
    const form = formOf(policy);
    assert.deepEqual(policyOf(form), policy);
    assert.ok(isSame(form, policy));
    assert.ok(!isSame({ ...form, budget: '129' }, policy));
  });

  it('says what is wrong with each field', () => {
    const wrong = { ...formOf(policy), retentionDays: '3651', budget: '0.5', minimumKept: '-1' };
    assert.deepEqual([...problemsOf(wrong).keys()], ['retentionDays', 'budget', 'minimumKept']);
    for (const [field, text] of [
      ['retentionDays', '0'],
      ['retentionDays', ''],
      ['retentionDays', '1.5'],
      ['retentionDays', '1e3'],
      ['budget', '65537'],
      ['budget', '1 MiB'],
      ['minimumKept', '1000001'],
    ] as const)
      assert.deepEqual([...problemsOf({ ...formOf(policy), [field]: text }).keys()], [field], text);
  });

  it('may have spaces around it and a comma in its budget', () => {
    const form = { ...formOf(policy), retentionDays: ' 7 ', budget: '1,5' };
    assert.equal(problemsOf(form).size, 0);
    assert.deepEqual(policyOf(form), { ...policy, retentionDays: 7, budgetBytes: 1.5 * mebibyte });
  });
});

describe('The number of records that is typed', () => {
  it('may have its thousands separated in any way, or not', () => {
    for (const typed of ['12431', '12,431', '12.431', '12 431', '12’431', ' 12431 ', '12\u202f431'])
      assert.ok(isTypedCount(typed, 12_431), typed);
  });

  it('is no other number, and no word', () => {
    for (const typed of ['', '12432', '1243', '012431', '+12431', '12431x', 'all', '1e4'])
      assert.ok(!isTypedCount(typed, 12_431), typed);
  });
});

describe('What is chosen to be purged', () => {
  const choice = { datasets: new Set(['alerts'] as const), by: 'age', days: '30', moment: '' } as const;

  it('needs a dataset, and an age or a date', () => {
    assert.equal(choiceProblem(choice), undefined);
    assert.match(choiceProblem({ ...choice, datasets: new Set() }) ?? '', /at least one dataset/);
    for (const days of ['', '-1', '3651', '1.5', 'x'])
      assert.match(choiceProblem({ ...choice, days }) ?? '', /whole days/, days);
    assert.match(choiceProblem({ ...choice, by: 'date' }) ?? '', /date and a time/);
  });

  it('is a time: so many days ago, or the local time that was given', () => {
    assert.equal(beforeOf({ ...choice, days: '2' }, 10 * 86_400_000), 8 * 86_400_000);
    const moment = '2026-11-20T12:00';
    assert.equal(beforeOf({ ...choice, by: 'date', moment }, 0), new Date(2026, 10, 20, 12).getTime());
  });
});

describe('What the page says', () => {
  it('never calls a budget used up that is not', () => {
    assert.deepEqual([0, 0.484, 0.996, 1, 1.13].map(formatShare), ['0 %', '48 %', '99 %', '100 %', '113 %']);
  });

  it('names a size with its parts when there are two', () => {
    assert.equal(sizeText({ databaseBytes: 2048, payloadBytes: 0 }), '2 KiB');
    assert.equal(
      sizeText({ databaseBytes: 2048, payloadBytes: 1024 }),
      '3 KiB (database 2 KiB, payload files 1 KiB)',
    );
  });

  it('has a sentence for each loss', () => {
    const kinds = [
      'rollback',
      'compare',
      'timeline',
      'alertHistory',
      'runHistory',
      'bundle',
      'trend',
    ] as const;
    const counted = kinds.map((kind) => lossText({ kind, count: 1204 }));
    const since = kinds.map((kind) => lossText({ kind, count: 1204, from: 0 }));
    assert.equal(new Set([...counted, ...since]).size, 2 * kinds.length);
    for (const text of counted) assert.match(text, /1,204.*\.$/);
    for (const text of since) assert.match(text, /(1970|1969).*\.$/);
  });
});

describe('A message of the governance page', () => {
  it('that is no request of ours is refused', () => {
    const refused = (method: keyof typeof governanceMethods, params: unknown): boolean =>
      !v.safeParse(governanceMethods[method].params, params).success;
    assert.ok(refused('governance/preview', { datasets: [], before: 0 }));
    assert.ok(refused('governance/preview', { datasets: ['connections'], before: 0 }));
    assert.ok(refused('governance/preview', { datasets: ['alerts'], before: '2020' }));
    assert.ok(refused('governance/purge', { token: 'a'.repeat(201), typed: '1' }));
    assert.ok(refused('governance/setPolicy', { dataset: 'alerts', policy: { retentionDays: 1 } }));
    assert.ok(!refused('governance/preview', { datasets: ['alerts'], before: 0 }));
  });
});
