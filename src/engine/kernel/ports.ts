import type { Disposable } from './lifetime';

/** Time, injected so that tests decide it. */
export interface Clock {
  /** Wall clock, milliseconds since the epoch. */
  now(): number;
  /** Never runs backwards; milliseconds from an arbitrary start. */
  monotonic(): number;
}

/** Delayed work, injected so that tests decide when time passes. */
export interface Timers {
  /** Runs `work` once after `ms` milliseconds, unless the handle is disposed before. */
  after(ms: number, work: () => void): Disposable;
}

/** Chance, injected so that tests decide it. */
export interface Random {
  /** A fresh id: 36 characters, RFC 9562 version 4. */
  id(): string;
  /** A number in [0, 1). */
  next(): number;
}

/** A structured one-line log; `fields` must hold no secret and no cached value. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;
