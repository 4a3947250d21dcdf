/** How long after its last answer the editor is still busy with it, milliseconds: it drew what came 300 ms later. */
const settleMs = 300;

/** Longest time a change is held back, milliseconds: a server that does not answer must not freeze what is shown. */
const heldMs = 2000;

/**
 * Tells the editor what changed in a tree, but not while it waits for children nor right after it got them. What changes
 * then makes it forget the items it is about to take: it refuses the same ids the next time, and the level stays empty.
 */
export class TreeChanges<N> {
  private readonly held = new Set<N | undefined>();
  private asked = 0;
  private settling: NodeJS.Timeout | undefined;
  private longest: NodeJS.Timeout | undefined;

  /** `tell` is given the nodes to draw anew with what is below them; undefined stands for the whole tree. */
  constructor(private readonly tell: (nodes: N[] | undefined) => void) {}

  /** Has a node drawn anew, with what is below it; undefined stands for the whole tree. */
  changed(node: N | undefined): void {
    if (this.asked === 0 && !this.settling) {
      this.tell(node && [node]);
      return;
    }
    this.held.add(node);
    this.longest ??= setTimeout(() => this.release(), heldMs);
  }

  /** Finds children for the editor; changes wait meanwhile. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.asked++;
    clearTimeout(this.settling);
    this.settling = undefined;
    try {
      return await work();
    } finally {
      this.asked--;
      if (this.asked === 0) this.settle();
    }
  }

  dispose(): void {
    clearTimeout(this.settling);
    clearTimeout(this.longest);
    this.held.clear();
  }

  private settle(): void {
    this.settling = setTimeout(() => {
      this.settling = undefined;
      this.release();
    }, settleMs);
  }

  private release(): void {
    clearTimeout(this.longest);
    this.longest = undefined;
    const nodes = [...this.held].filter((node) => node !== undefined);
    const isWhole = nodes.length < this.held.size;
    this.held.clear();
    if (isWhole) this.tell(undefined);
    else if (nodes.length > 0) this.tell(nodes);
  }
}
