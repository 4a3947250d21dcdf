import assert from 'node:assert/strict';
import { isoMoment } from '../../../src/protocol/moment';
import {
  formatBytes,
  formatCount,
  formatDay,
  formatDuration,
  formatMinute,
  formatMoment,
  formatRemaining,
  formatTime,
} from '../../../webview-ui/app/format';
import { locale, t, useTranslations } from '../../../webview-ui/app/l10n';
import { differingPart } from '../../../webview-ui/app/textDifference';
import { secondsOf, secondsUntil } from '../../../webview-ui/surfaces/value/ttl';

const hour = 3_600_000;

describe('Numbers for people', () => {
  it('give sizes in steps of 1,024', () => {
    const cases = [
      [0, '0 B'],
      [1023, '1,023 B'],
      [1024, '1 KiB'],
      [1536, '1.5 KiB'],
      [62_464, '61 KiB'],
      [5 << 20, '5 MiB'],
      [3 * 2 ** 30, '3 GiB'],
    ] as const;
    for (const [bytes, text] of cases) assert.equal(formatBytes(bytes), text);
  });

  it('give durations in the unit that suits them', () => {
    const cases = [
      [0.42, '0.4 ms'],
      [12, '12 ms'],
      [3400, '3.4 s'],
      [61_000, '1 m 1 s'],
      [2 * hour + 13 * 60_000, '2 h 13 m'],
      [52 * hour, '2 d 4 h'],
    ] as const;
    for (const [ms, text] of cases) assert.equal(formatDuration(ms), text);
  });

  it('count down in whole seconds, never below zero', () => {
    const cases = [
      [-5, '0 s'],
      [1, '1 s'],
      [1001, '2 s'],
      [59_500, '1 m 0 s'],
      [hour, '1 h 0 m'],
    ] as const;
    for (const [ms, text] of cases) assert.equal(formatRemaining(ms), text);
  });

  it('separate thousands', () => assert.equal(formatCount(1_234_567), '1,234,567'));
});

describe('Translations', () => {
  afterEach(() => useTranslations('{"lang":"en","bundle":{}}'));

  it('replace the text and its numbered parts', () => {
    useTranslations('{"lang":"de","bundle":{"{0} of {1} read":"{1} gesamt, {0} gelesen"}}');
    assert.equal(t('{0} of {1} read', 1, 2), '2 gesamt, 1 gelesen');
    assert.equal(formatCount(1234.5), '1.234,5');
  });

  it('fall back to English, and keep a part that has no value', () => {
    useTranslations('not json');
    assert.equal(t('A {0} and {1}', 'b'), 'A b and {1}');
    assert.equal(locale(), 'en');
  });

  it('take names from the prototype of objects for what they are: no translation', () => {
    assert.equal(t('constructor'), 'constructor');
  });
});

describe('The part in which texts differ', () => {
  it('leaves a common start and end', () => {
    assert.deepEqual(differingPart('abXYZcd', 'abcd'), { start: 2, end: 5 });
    assert.deepEqual(differingPart('same', 'same'), { start: 4, end: 4 });
    assert.deepEqual(differingPart('aa', 'aaa'), { start: 2, end: 2 });
  });

  it('never cuts a character of two halves', () => {
    assert.deepEqual(differingPart('a😀', 'a😁'), { start: 1, end: 3 });
  });
});

describe('A moment that a server tells', () => {
  const formats = [formatTime, formatDay, formatMinute, formatMoment];

  it('is written beyond what a date holds, with its milliseconds', () => {
    for (const moment of [9223372036854775000, '9223372036854775807', 8.64e15 + 1])
      for (const format of formats) assert.match(format(moment), /beyond the year 275760 \(\d{16,19} ms\)/);
    assert.match(formatMoment('9223372036854775807'), /9223372036854775807/);
    assert.equal(isoMoment(9.3e15), '9300000000000000');
  });

  it('never throws, whatever number or text it is', () => {
    for (const moment of [NaN, Infinity, -Infinity, -9e15, 0, 8.64e15, 'x', '', '1e400'])
      for (const format of formats) assert.ok(format(moment).length > 0);
  });
});

describe('A TTL as typed', () => {
  it('is whole seconds in any unit', () => {
    assert.equal(secondsOf('90', 'seconds'), 90);
    assert.equal(secondsOf('1.5', 'hours'), 5400);
    assert.equal(secondsOf(' 1,5 ', 'minutes'), 90);
    assert.equal(secondsOf('31', 'days'), 2_678_400);
  });

  it('is refused when it is no time to come', () => {
    for (const text of ['', '0', '-1', '1e9', 'abc', '0.2', '99999999999999'])
      assert.equal(secondsOf(text, 'seconds'), undefined);
    assert.equal(secondsUntil('2020-01-01T00:00', Date.now()), undefined);
    assert.equal(secondsUntil('', Date.now()), undefined);
  });

  it('counts to a moment from now', () => {
    const now = new Date('2030-01-31T12:00').getTime();
    assert.equal(secondsUntil('2030-01-31T13:00', now), 3600);
  });
});
