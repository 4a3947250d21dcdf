/** Pieces that are joined at a stretch. */
const atOnce = 4096;

/** A text of up to millions of pieces. Added to one string, each piece would take memory of its own until the end. */
export class LongText {
  private readonly joined: string[] = [];
  private pieces: string[] = [];
  private characters = 0;

  get length(): number {
    return this.characters;
  }

  push(piece: string): void {
    this.characters += piece.length;
    if (this.pieces.push(piece) < atOnce) return;
    this.joined.push(this.pieces.join(''));
    this.pieces = [];
  }

  toString(): string {
    return this.joined.join('') + this.pieces.join('');
  }
}
