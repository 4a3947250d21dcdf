import { timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';
import { sendError, type SentError } from '../../engine/kernel/sentError';
import { otherVersion, unknownClient } from './storeErrors';

/** Version of the messages that follow the handshake; the handshake itself stays as it is for ever. */
export const protocolVersion = 1;

/** Bytes of a handshake line at most. */
export const longestLine = 4096;

const hello = v.object({
  token: v.string(),
  client: v.string(),
  protocol: v.pipe(v.number(), v.integer()),
  /** Version of the schema that the client's statements are written for. */
  schema: v.pipe(v.number(), v.integer()),
});

/** How a client introduces itself: one line of JSON. */
export type Hello = v.InferOutput<typeof hello>;

/** Parses a client's line; undefined when it is none. */
function parseHello(line: string): Hello | undefined {
  return parseLine(hello, line);
}

const welcome = v.variant('kind', [
  v.object({ kind: v.literal('welcome'), epoch: v.number() }),
  v.object({ kind: v.literal('yielding') }),
  v.object({ kind: v.literal('refused'), error: v.custom<SentError>((input) => typeof input === 'object') }),
]);

/**
 * The owner's answer, one line of JSON too. `yielding`: the client is of a later build, so the owner makes room for
 * it and the client may become the owner. After anything but `welcome` the owner hangs up.
 */
export type Welcome = v.InferOutput<typeof welcome>;

/** Parses an owner's line; undefined when it is none. */
export function parseWelcome(line: string): Welcome | undefined {
  return parseLine(welcome, line);
}

/**
 * What an owner of this build answers. A client with an older schema is let in: schemas only grow, so its statements
 * stay valid. One with an older protocol could not be understood.
 */
export function answerTo(
  line: string,
  owner: { readonly token: string; readonly epoch: number; readonly schema: number },
): Welcome {
  const client = parseHello(line);
  if (!client || !isSame(client.token, owner.token)) return refused(unknownClient());
  if (client.protocol > protocolVersion || client.schema > owner.schema) return { kind: 'yielding' };
  if (client.protocol < protocolVersion) return refused(otherVersion());
  return { kind: 'welcome', epoch: owner.epoch };
}

function refused(error: Parameters<typeof sendError>[0]): Welcome {
  return { kind: 'refused', error: sendError(error) };
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function parseLine<S extends v.GenericSchema>(schema: S, line: string): v.InferOutput<S> | undefined {
  try {
    const parsed = v.safeParse(schema, JSON.parse(line));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
