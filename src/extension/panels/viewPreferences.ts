import * as v from 'valibot';
import type { Memento } from 'vscode';

const name = 'cachify.views';
const most = 200;
const kept = v.array(v.tuple([v.string(), v.string()]));

/** Which view was chosen for which keys, by pattern: parts that are numbers or ids stand for all such. */
export class ViewPreferences {
  constructor(private readonly memento: Memento) {}

  get(keyLabel: string): string | undefined {
    return new Map(this.all()).get(patternOf(keyLabel));
  }

  /** Undefined: the best view again. */
  async set(keyLabel: string, view: string | undefined): Promise<void> {
    const pattern = patternOf(keyLabel);
    const others = this.all().filter(([known]) => known !== pattern);
    const next = view === undefined ? others : [...others, [pattern, view] as [string, string]];
    await this.memento.update(name, next.slice(-most));
  }

  private all(): [string, string][] {
    const parsed = v.safeParse(kept, this.memento.get(name));
    return parsed.success ? parsed.output : [];
  }
}

const id = /[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,}|\d+/gi;

/** `user:42:profile` as `user:*:profile`. */
export function patternOf(keyLabel: string): string {
  return keyLabel.slice(0, 500).replace(id, '*');
}
