import { type ReadonlySignal, signal } from '@preact/signals';
import { placeIn } from '../../../src/protocol/textPlace';
import type { DecodedDto } from '../../../src/protocol/value';
import { base64OfBytes, bytesOfBase64, sizeOfBase64 } from '../../app/bytes';
import { t } from '../../app/l10n';
import type { Parsed } from '../../app/escapedText';
import { type Draft, isLocal, parseIn } from './draft';
import type { ValueRpc } from './valueRpc';

/** Longest value the host is asked to decode, bytes. */
const decodable = 1024 * 1024;
/** Decoded values remembered, so that going back and forth between rows does not ask again. */
const remembered = 20;

/** In which view values are shown: the person's choice, or the best the host finds. */
export class Viewing {
  private readonly wantedSignal = signal<string | undefined>(undefined);
  private readonly answers = new Map<string, Promise<DecodedDto>>();

  /** Id of the chosen view; undefined: the best one. */
  readonly wanted: ReadonlySignal<string | undefined> = this.wantedSignal;

  constructor(private readonly rpc: ValueRpc) {}

  /** Shows in a view, and remembers it for keys like this one. */
  choose(view: string | undefined): void {
    this.wantedSignal.value = view;
    // a preference that cannot be kept is no reason to trouble anyone
    this.rpc.call('value/preferView', view === undefined ? {} : { view }).catch(() => undefined);
  }

  /** Takes a choice made earlier. */
  restore(view: string | undefined): void {
    this.wantedSignal.value ??= view;
  }

  /** Bytes in a view of the host; rejects when they are none of it. Undefined: too long to be decoded. */
  decode(base64: string, view: string | undefined): Promise<DecodedDto> | undefined {
    if (sizeOfBase64(base64) > decodable) return undefined;
    const key = `${view ?? ''} ${base64}`;
    const known = this.answers.get(key);
    if (known) return known;
    const answer = this.rpc.call('value/decode', { bytes: base64, ...(view !== undefined && { view }) });
    answer.catch(() => this.answers.delete(key));
    this.answers.set(key, answer);
    const [oldest] = this.answers.keys();
    if (this.answers.size > remembered && oldest !== undefined) this.answers.delete(oldest);
    return answer;
  }

  /** What the text of a draft stands for. */
  async bytesOf({ form, text, before = '' }: Draft): Promise<Parsed> {
    if (isLocal(form)) return parseIn(form, text);
    const encoded = await this.rpc.call('value/encode', { text, view: form, original: before });
    if ('bytes' in encoded) return { bytes: bytesOfBase64(encoded.bytes) };
    return { at: encoded.at ?? 0, problem: encoded.problem };
  }

  /** The draft's text as base64, or the problem with it. */
  async encode(draft: Draft): Promise<{ readonly after: string } | { readonly problem: string }> {
    const parsed = await this.bytesOf(draft);
    if ('bytes' in parsed) return { after: base64OfBytes(parsed.bytes) };
    const { line, column } = placeIn(draft.text, parsed.at);
    return { problem: t('Line {0}, column {1}: {2}', line, column, parsed.problem) };
  }
}
