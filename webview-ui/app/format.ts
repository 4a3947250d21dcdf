import { hasDate } from '../../src/protocol/moment';
import { locale, t } from './l10n';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A number with its thousands separated. */
export function formatCount(value: number): string {
  return new Intl.NumberFormat(locale()).format(value);
}

function formatDecimal(value: number): string {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}

/** A size: `412 B`, `61 KiB`, `1.2 MiB`, `3 GiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return t('{0} B', formatCount(bytes));
  if (bytes < 1024 ** 2) return t('{0} KiB', formatDecimal(bytes / 1024));
  if (bytes < 1024 ** 3) return t('{0} MiB', formatDecimal(bytes / 1024 ** 2));
  return t('{0} GiB', formatDecimal(bytes / 1024 ** 3));
}

/** How long something took: `0.4 ms`, `12 ms`, `3.4 s`; from a minute on its two largest units. */
export function formatDuration(ms: number): string {
  if (ms < second) return t('{0} ms', formatDecimal(ms));
  if (ms < minute) return t('{0} s', formatDecimal(ms / second));
  return formatLong(ms);
}

/** Time left, in whole seconds rounded up, so that it steps evenly: `45 s`, `2 h 13 m`, `2 d 4 h`. */
export function formatRemaining(ms: number): string {
  const whole = Math.ceil(Math.max(0, ms) / second) * second;
  return whole < minute ? t('{0} s', whole / second) : formatLong(whole);
}

function formatLong(ms: number): string {
  if (ms >= day) return t('{0} d {1} h', formatCount(Math.floor(ms / day)), Math.floor((ms % day) / hour));
  if (ms >= hour) return t('{0} h {1} m', Math.floor(ms / hour), Math.floor((ms % hour) / minute));
  return t('{0} m {1} s', Math.floor(ms / minute), Math.floor((ms % minute) / second));
}

/** A moment in milliseconds since the epoch: a number, or its digits where a number would lose some. */
export type Moment = number | string;

/** A moment as the language writes it; one that no date holds in words, with its milliseconds. */
function formatDate(moment: Moment, options: Intl.DateTimeFormatOptions): string {
  const ms = Number(moment);
  if (Number.isNaN(ms)) return t('an unknown moment');
  if (hasDate(ms)) return new Intl.DateTimeFormat(locale(), options).format(ms);
  const digits = typeof moment === 'number' && Number.isFinite(ms) ? BigInt(Math.trunc(ms)) : moment;
  return ms > 0
    ? t('beyond the year 275760 ({0} ms)', String(digits))
    : t('before all calendars ({0} ms)', String(digits));
}

/** Time of day, to the second. */
export function formatTime(ms: Moment): string {
  return formatDate(ms, { timeStyle: 'medium', hourCycle: 'h23' });
}

/** A day: `Nov 20, 2026`. */
export function formatDay(ms: Moment): string {
  return formatDate(ms, { dateStyle: 'medium' });
}

/** A day and the time of it: `Nov 20, 2026, 14:02`. */
export function formatMinute(ms: Moment): string {
  return formatDate(ms, { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' });
}

/** A share: `72 %`; never 100 unless it is all. */
export function formatShare(share: number): string {
  const percent = share * 100;
  const whole = percent > 99 && percent < 100 ? 99 : Math.round(percent);
  return t('{0} %', formatCount(whole));
}

/** Date, time and zone, for hovering over a relative time. */
export function formatMoment(ms: Moment): string {
  return formatDate(ms, { dateStyle: 'full', timeStyle: 'long' });
}
