import { type Response, Server } from 'memjs';
import { toError } from '../../engine/kernel/errors';
import { garbled } from '../net/garbled';
import { BinaryPackets, endsAnswer, type PacketHead } from './binaryPackets';

/** Requests of the handshake: which mechanisms there are, and the password. */
const listOpcode = 0x20;
const authOpcode = 0x21;

/**
 * A server of memjs that is given whole packets, and only such as answer something: memjs itself would gather whatever comes,
 * for as long as it comes, and send the password again each time it is asked.
 */
export class BoundedServer extends Server {
  private packets = this.newPackets();
  /** Which answer of the handshake is awaited. */
  private greeting: number | undefined;
  private readonly awaited = new Set<number>();

  /** The first request on a new socket. */
  override listSasl(): void {
    this.packets = this.newPackets();
    this.greeting = listOpcode;
    super.listSasl();
  }

  override saslAuth(): void {
    this.greeting = authOpcode;
    super.saslAuth();
  }

  override onResponse(seq: number, take: (response: Response) => void): void {
    this.awaited.add(seq);
    super.onResponse(seq, take);
  }

  override responseHandler(chunk: Buffer): void {
    try {
      for (const packet of this.packets.take(chunk)) super.responseHandler(packet);
    } catch (thrown) {
      this.error(toError(thrown));
    }
  }

  /** What is given is whole already. */
  override appendToBuffer(packet: Buffer): Buffer {
    return packet;
  }

  override error(error: Error): void {
    this.awaited.clear();
    this.greeting = undefined;
    super.error(error);
  }

  private newPackets(): BinaryPackets {
    return new BinaryPackets((head) => {
      this.admit(head);
    });
  }

  private admit(head: PacketHead): void {
    const isGreeting = head.opcode === listOpcode || head.opcode === authOpcode;
    if (isGreeting ? head.opcode !== this.greeting : !this.awaited.has(head.opaque))
      throw garbled('Memcached', 'a packet that was not asked for');
    if (isGreeting) this.greeting = undefined;
    else if (endsAnswer(head)) this.awaited.delete(head.opaque);
  }
}
