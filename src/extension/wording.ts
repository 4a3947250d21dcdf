import { hasDate } from '../protocol/moment';

/** How a document or a message says things: translated, with numbers as the language writes them. */
export interface Wording {
  readonly t: (message: string, ...values: (string | number)[]) => string;
  readonly number: (value: number) => string;
  /** A size: `412 B`, `61 KiB`, `1.2 MiB`. */
  readonly bytes: (bytes: number) => string;
  /** Date and time, with the zone. */
  readonly moment: (ms: number) => string;
}

/** The wording of a language; `t` is the editor’s own. */
export function wordingOf(t: Wording['t'], language: string): Wording {
  const whole = new Intl.NumberFormat(language);
  const short = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const moments = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'long' });
  const bytes = (size: number): string => {
    if (size < 1024) return `${whole.format(size)} B`;
    if (size < 1024 ** 2) return `${short.format(size / 1024)} KiB`;
    if (size < 1024 ** 3) return `${short.format(size / 1024 ** 2)} MiB`;
    return `${short.format(size / 1024 ** 3)} GiB`;
  };
  return {
    t,
    number: (value) => whole.format(value),
    bytes,
    moment: (ms) => (hasDate(ms) ? moments.format(ms) : t('beyond the year 275760 ({0} ms)', String(ms))),
  };
}
