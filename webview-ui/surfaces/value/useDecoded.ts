import { useEffect, useState } from 'preact/hooks';
import type { DecodedDto } from '../../../src/protocol/value';
import { base64OfBytes } from '../../app/bytes';
import { isCancelled, toFailure } from '../../app/failure';
import type { Viewing } from './viewing';

/** Bytes as the host shows them; neither while it is asked, or where it cannot be. */
export interface Decoding {
  readonly decoded?: DecodedDto;
  /** Why they cannot be shown in the wanted view. */
  readonly problem?: string;
}

/** The bytes in the wanted view of the host; in the best one when none is wanted. An older answer is never shown. */
export function useDecoded(
  viewing: Viewing,
  bytes: Uint8Array,
  view: string | undefined,
  enabled: boolean,
): Decoding {
  const [answer, setAnswer] = useState<Decoding & { readonly of?: Uint8Array }>({});
  useEffect(() => {
    if (!enabled) return setAnswer({});
    let current = true;
    const take = (next: Decoding): void => {
      if (current) setAnswer({ ...next, of: bytes });
    };
    void decode(viewing, base64OfBytes(bytes), view).then(take);
    return () => {
      current = false;
    };
  }, [bytes, view, enabled]);
  return answer.of === bytes ? answer : {};
}

async function decode(viewing: Viewing, bytes: string, view: string | undefined): Promise<Decoding> {
  try {
    const decoded = await viewing.decode(bytes, view);
    return decoded ? { decoded } : {};
  } catch (thrown) {
    if (isCancelled(thrown)) return {};
    // the wanted view does not fit these bytes: what does is still offered
    const best = view === undefined ? undefined : await decode(viewing, bytes, undefined);
    return { ...best, problem: toFailure(thrown).message };
  }
}
