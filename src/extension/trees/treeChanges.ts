/** Longest time a change is held back, milliseconds: a server that does not answer must not freeze what is shown. */
const heldMs = 1000;

/**
 * Tells the editor what changed in a tree, but not while it waits for children: it throws such an answer away, or the
 * change, and a level stays empty. What was told in such a moment all the same is told again once the answer is there.
 */
export class TreeChanges<N> {
  private readonly answering = new Map<object, N | undefined>();
  private readonly held = new Set<N | undefined>();
  private readonly lost = new Set<object>();
  private timer: NodeJS.Timeout | undefined;
  private isDisposed = false;

  constructor(private readonly tell: (node: N | undefined) => void) {}

  /** Has a node redrawn, with what is below it; undefined stands for the whole tree. */
  changed(node: N | undefined): void {
    if (this.isDisposed) return;
    if (this.answering.size === 0) {
      this.tell(node);
      return;
    }
    this.hold(node);
  }

  /** Finds the children of a node; changes wait meanwhile. */
  async during<T>(node: N | undefined, work: () => Promise<T>): Promise<T> {
    const answer = {};
    this.answering.set(answer, node);
    try {
      return await work();
    } finally {
      this.answering.delete(answer);
      if (this.lost.delete(answer)) this.hold(node);
      // the editor takes the answer first
      if (this.answering.size === 0 && this.held.size > 0) setTimeout(() => this.release(), 0);
    }
  }

  dispose(): void {
    this.isDisposed = true;
    clearTimeout(this.timer);
  }

  private hold(node: N | undefined): void {
    this.held.add(node);
    this.timer ??= setTimeout(() => this.release(), heldMs);
  }

  private release(): void {
    if (this.isDisposed) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    const nodes = [...this.held];
    this.held.clear();
    if (nodes.length > 0) for (const answer of this.answering.keys()) this.lost.add(answer);
    for (const node of nodes.includes(undefined) ? [undefined] : nodes) this.tell(node);
  }
}
