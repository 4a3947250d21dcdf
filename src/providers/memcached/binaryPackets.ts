import { garbled } from '../net/garbled';
import { Gathering } from '../net/gathering';
import { largestItemEver } from './replyReader';

const responseMagic = 0x81;
/** Bytes of a header: magic, opcode, lengths, status, opaque, CAS (memcached's BinaryProtocolRevamped). */
const headSize = 24;
/** Bytes that an item may have beside its value: key and flags. */
const besideValue = 1024;
/** Answers to `stat`: one packet a statistic, and an empty one at the end. */
const statOpcode = 0x10;
const mostStatBytes = 1024 * 1024;

/** What a packet says of itself before its body. */
export interface PacketHead {
  readonly opcode: number;
  readonly opaque: number;
  readonly bodySize: number;
}

/** Whether no packet of the same answer follows. */
export function endsAnswer({ opcode, bodySize }: PacketHead): boolean {
  return opcode !== statOpcode || bodySize === 0;
}

/** Cuts what one socket receives into packets of the binary protocol; throws `garbled` at what is none. */
export class BinaryPackets {
  private head = new Gathering(headSize);
  private packet: Gathering | undefined;
  private statBytes = 0;

  /** `admit` sees each head before its body is waited for, and throws when it was not asked for. */
  constructor(private readonly admit: (head: PacketHead) => void) {}

  /** The packets that are whole with this chunk. */
  *take(chunk: Buffer): Iterable<Buffer> {
    for (let at = 0; at < chunk.length;) {
      if (this.packet) at += this.packet.take(chunk, at);
      else {
        at += this.head.take(chunk, at);
        const { whole } = this.head;
        if (whole) this.begin(whole);
      }
      const packet = this.packet?.whole;
      if (!packet) continue;
      this.packet = undefined;
      yield packet;
    }
  }

  private begin(bytes: Buffer): void {
    this.head = new Gathering(headSize);
    const head = {
      opcode: bytes.readUInt8(1),
      opaque: bytes.readUInt32BE(12),
      bodySize: bytes.readUInt32BE(8),
    };
    if (bytes.readUInt8(0) !== responseMagic) throw garbled('Memcached', 'a packet that is no response');
    const keyAndExtras = bytes.readUInt16BE(2) + bytes.readUInt8(4);
    if (keyAndExtras > head.bodySize || head.bodySize > largestItemEver + besideValue)
      throw garbled('Memcached', 'a packet whose lengths cannot be');
    this.countStats(head);
    this.admit(head);
    this.packet = new Gathering(headSize + head.bodySize);
    this.packet.take(bytes, 0);
  }

  private countStats({ opcode, bodySize }: PacketHead): void {
    this.statBytes = opcode === statOpcode && bodySize > 0 ? this.statBytes + headSize + bodySize : 0;
    if (this.statBytes > mostStatBytes)
      throw garbled('Memcached', `statistics of more than ${mostStatBytes} bytes`);
  }
}
