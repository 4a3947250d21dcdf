import type { Log, LogFields } from '../../engine/kernel/ports';

/** A line of a log that is written in another thread. */
export interface SentLogLine {
  readonly kind: 'log';
  readonly level: keyof Log;
  readonly message: string;
  readonly fields?: LogFields | undefined;
}

/** A log whose lines are sent to who keeps it. */
export function logTo(tell: (line: SentLogLine) => void): Log {
  const at =
    (level: keyof Log) =>
    (message: string, fields?: LogFields): void =>
      tell({ kind: 'log', level, message, fields });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
