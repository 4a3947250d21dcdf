import { tooLarge } from './garbled';

/**
 * Bytes of a known number, put in one place as they come: what is held is the number and no more, however small the pieces.
 * The place is reserved at once, and its memory used as it fills.
 */
export class Gathering {
  private readonly place: Buffer;
  private filled = 0;

  constructor(size: number) {
    this.place = placeOf(size);
  }

  /** Takes what belongs here of a chunk from `at` on; gives how many bytes that were. */
  take(chunk: Buffer, at: number): number {
    const taken = chunk.copy(this.place, this.filled, at);
    this.filled += taken;
    return taken;
  }

  /** All of it, once it is there. */
  get whole(): Buffer | undefined {
    return this.filled === this.place.length ? this.place : undefined;
  }
}

function placeOf(size: number): Buffer {
  try {
    return Buffer.allocUnsafe(size);
  } catch {
    throw tooLarge(`a value of ${size} bytes, for which this machine has no room`);
  }
}
