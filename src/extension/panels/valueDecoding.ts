import type { EncodedValue, ValueView, ValueViews } from '../../engine/values/valueViews';
import type { DecodedDto } from '../../protocol/value';

/** Decodes for one panel. Which views fit is found out once a value: choosing another view does not try all again. */
export class ValueDecoding {
  private last: { readonly bytes: Buffer; readonly fitting: readonly ValueView[] } | undefined;

  constructor(private readonly views: ValueViews) {}

  /** Bytes in a view, with all the views that fit; in the best one when none is wanted. */
  async decode(bytes: Buffer, view: string | undefined, flags: number | undefined): Promise<DecodedDto> {
    const hints = flags === undefined ? {} : { flags };
    const fitting = await this.fitting(bytes, hints);
    const decoded = await this.views.decode(bytes, view ?? fitting[0]?.id ?? 'text', hints);
    const isListed = fitting.some(({ id }) => id === decoded.view.id);
    return {
      ...decoded,
      notes: [...decoded.notes],
      views: isListed ? [...fitting] : [decoded.view, ...fitting],
    };
  }

  /** What edited text stands for. */
  async encode(
    text: string,
    view: string,
    original: Buffer,
  ): Promise<{ bytes: string } | Exclude<EncodedValue, { bytes: Buffer }>> {
    const encoded = await this.views.encode(text, view, original);
    return 'bytes' in encoded ? { bytes: encoded.bytes.toString('base64') } : encoded;
  }

  private async fitting(bytes: Buffer, hints: { readonly flags?: number }): Promise<readonly ValueView[]> {
    if (this.last?.bytes.equals(bytes)) return this.last.fitting;
    const fitting = await this.views.offered(bytes, hints);
    this.last = { bytes, fitting };
    return fitting;
  }
}
