import { effect, signal } from '@preact/signals';

/** Seconds between reads; 0: only when asked. */
export const livePeriods = [0, 2, 10, 60] as const;
export type LivePeriod = (typeof livePeriods)[number];

interface LiveRefreshParts {
  /** Reads again; one read at a time. */
  readonly reload: () => Promise<void>;
  /** False while a read would disturb: an edit is under way, or a write is running. */
  readonly isIdle: () => boolean;
}

/** Reads again every few seconds while the page is in front and nothing is being edited. */
export class LiveRefresh {
  readonly period = signal<LivePeriod>(0);
  /** Ends it for good. */
  readonly stop: () => void;

  constructor({ reload, isIdle }: LiveRefreshParts) {
    this.stop = effect(() => {
      const seconds = this.period.value;
      if (seconds === 0) return;
      let reading = false;
      const timer = setInterval(() => {
        if (reading || document.visibilityState === 'hidden' || !isIdle()) return;
        reading = true;
        void reload().finally(() => {
          reading = false;
        });
      }, seconds * 1000);
      return () => clearInterval(timer);
    });
  }
}
