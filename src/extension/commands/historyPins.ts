import type { StoredHistoryEvent } from '../../engine/kernel/history';
import type { Clock, Random } from '../../engine/kernel/ports';
import type { Recorder } from '../../engine/kernel/recorder';
import type { Hold, HoldStore } from '../../engine/retention/holds';

/** What pins of history events need. */
export interface HistoryPinPorts {
  readonly holds: HoldStore;
  readonly recorder: Pick<Recorder, 'during'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Pick<Random, 'id'>;
  /** A pin was made or removed. */
  readonly onChange: () => void;
}

/** The pins a person puts on events of the history, which keep them whatever their age. */
export class HistoryPins {
  private bySeq = new Map<number, Hold[]>();

  constructor(private readonly ports: HistoryPinPorts) {}

  /** Reads which events are pinned. */
  async load(): Promise<void> {
    const bySeq = new Map<number, Hold[]>();
    for (const hold of await this.ports.holds.list()) {
      if (hold.holder !== 'person' || hold.dataset !== 'timelineEvents' || hold.seq === undefined) continue;
      bySeq.set(hold.seq, [...(bySeq.get(hold.seq) ?? []), hold]);
    }
    this.bySeq = bySeq;
  }

  has({ seq }: Pick<StoredHistoryEvent, 'seq'>): boolean {
    return this.bySeq.has(seq);
  }

  /** Pins the event, or removes its pins: two windows may have made one each. Tells whether it is pinned then. */
  async toggle({ seq }: Pick<StoredHistoryEvent, 'seq'>): Promise<boolean> {
    const { holds, recorder } = this.ports;
    await this.load();
    const pins = this.bySeq.get(seq) ?? [];
    const action = pins.length > 0 ? 'retention.unpin' : 'retention.pin';
    await recorder.during({ action, details: { seq } }, async () => {
      if (pins.length === 0) await holds.add(this.pinOf(seq));
      for (const { id } of pins) await holds.remove(id);
    });
    await this.load();
    this.ports.onChange();
    return this.bySeq.has(seq);
  }

  private pinOf(seq: number): Hold {
    const { clock, random } = this.ports;
    return { id: random.id(), dataset: 'timelineEvents', holder: 'person', seq, at: clock.now() };
  }
}
