import { Emitter } from '../kernel/events';
import type { Dataset } from './dataset';

/** Whether records of a dataset may be added; writers ask before each. */
export interface Collecting {
  isOn(dataset: Dataset): boolean;
}

/** What retention turns off while a dataset has no room, and on again when it has. */
export class CollectingSwitch implements Collecting {
  private off: readonly Dataset[] = [];
  private readonly changes = new Emitter<readonly Dataset[]>();

  /** Tells the datasets that are off, when they change. */
  readonly onChange = this.changes.event;

  isOn(dataset: Dataset): boolean {
    return !this.off.includes(dataset);
  }

  /** The datasets that are off. */
  get stopped(): ReadonlySet<Dataset> {
    return new Set(this.off);
  }

  /** Turns exactly these datasets off. */
  set(stopped: readonly Dataset[]): void {
    if (stopped.length === this.off.length && stopped.every((each) => !this.isOn(each))) return;
    this.off = stopped;
    this.changes.fire(stopped);
  }
}
