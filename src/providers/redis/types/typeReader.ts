import type { CallOptions } from '../../../engine/connections/cacheProvider';
import type { ElementRef, ReadRequest, ValuePage, ValueType } from '../../../engine/connections/valuePage';
import type { RedisLink } from '../redisLink';

/** How one Redis type is read; one file a type implements it. */
export interface TypeReader {
  readonly type: ValueType;
  /** Command that answers the length: bytes or elements. */
  readonly lengthCommand?: string;
  /** One page; never more than the request asks for. */
  readPage(link: RedisLink, key: Buffer, request: ReadRequest, call: CallOptions): Promise<ValuePage>;
  /** One element, whole. */
  readElement?(
    link: RedisLink,
    key: Buffer,
    element: ElementRef,
    call: CallOptions,
  ): Promise<Buffer | undefined>;
}
