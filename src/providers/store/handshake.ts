import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';
import { sendError, type SentError } from '../../engine/kernel/sentError';
import type { OwnerFacts } from './ownerFile';
import { readsVersion } from './reads/allReads';
import { otherVersion, unknownClient } from './storeErrors';

/** Version of the messages that follow the handshake; the handshake itself stays as it is for ever. */
export const protocolVersion = 2;

/** What both sides have to know: the key that the owner published for this user only, and where they meet. */
export type Meeting = Pick<OwnerFacts, 'address' | 'key'>;

const nonce = v.pipe(v.string(), v.length(32));

const hello = v.object({
  client: v.string(),
  protocol: v.pipe(v.number(), v.integer()),
  /** Version of the schema that the client's statements are written for. */
  schema: v.pipe(v.number(), v.integer()),
  /** Version of the questions it asks. */
  reads: v.pipe(v.number(), v.integer()),
  nonce,
});

/** How a client introduces itself. */
export type Hello = v.InferOutput<typeof hello>;

const challenge = v.object({
  nonce,
  epoch: v.pipe(v.number(), v.integer()),
  /** Shows that the owner has the key: nobody else says it first. */
  proof: v.string(),
});

/** How an owner answers that: it proves who it is before the client does. */
export type Challenge = v.InferOutput<typeof challenge>;

const response = v.object({ proof: v.string() });

const welcome = v.variant('kind', [
  v.object({ kind: v.literal('welcome'), epoch: v.number() }),
  v.object({ kind: v.literal('yielding') }),
  v.object({ kind: v.literal('refused'), error: v.custom<SentError>((input) => typeof input === 'object') }),
]);

/**
 * What an owner says to a client that has the key, or whose lines it cannot read. `yielding`: the client is of a later
 * build, so the owner makes room for it and the client may become the owner. After anything but `welcome` it hangs up.
 */
export type Welcome = v.InferOutput<typeof welcome>;

/** The first line of a client. */
export function helloOf(client: Pick<Hello, 'client' | 'schema'>): Hello {
  return { ...client, protocol: protocolVersion, reads: readsVersion, nonce: freshNonce() };
}

/** Parses a client's first line; undefined when it is none. */
export function parseHello(line: string): Hello | undefined {
  return parseLine(hello, line);
}

/** Parses an owner's last line; undefined when it is none. */
export function parseWelcome(line: string): Welcome | undefined {
  return parseLine(welcome, line);
}

/** What an owner answers a client's first line. */
export function challengeTo(said: Hello, owner: Meeting & { readonly epoch: number }): Challenge {
  const asked = { nonce: freshNonce(), epoch: owner.epoch };
  return { ...asked, proof: proofOf('owner', owner, said, asked) };
}

/** What a client answers an owner that proved who it is; undefined to one that did not: it learns nothing. */
export function responseTo(line: string, said: Hello, met: Meeting): { readonly proof: string } | undefined {
  const asked = parseLine(challenge, line);
  if (!asked || !isSame(asked.proof, proofOf('owner', met, said, asked))) return undefined;
  return { proof: proofOf('client', met, said, asked) };
}

/**
 * What an owner of this build says in the end. A client with an older schema or fewer questions is let in: both only
 * grow, so its statements stay valid. One with an older protocol could not be understood.
 */
export function welcomeTo(
  line: string,
  said: Hello,
  asked: Challenge,
  owner: Meeting & { readonly schema: number },
): Welcome {
  const given = parseLine(response, line);
  if (!given || !isSame(given.proof, proofOf('client', owner, said, asked))) return stranger();
  const isLater = said.schema > owner.schema || said.reads > readsVersion;
  if (said.protocol > protocolVersion || isLater) return { kind: 'yielding' };
  if (said.protocol < protocolVersion) return { kind: 'refused', error: sendError(otherVersion()) };
  return { kind: 'welcome', epoch: asked.epoch };
}

/** What an owner says to somebody whose lines are not those of a client. */
export function stranger(): Welcome {
  return { kind: 'refused', error: sendError(unknownClient()) };
}

/**
 * Both sides prove over everything that was said, so that no line can be exchanged; each under a name of its own, so that
 * what one said is no proof of the other; and over the address, so that whoever sits at another one cannot pass it on.
 */
function proofOf(
  role: 'owner' | 'client',
  { key, address }: Meeting,
  { client, protocol, schema, reads, nonce: clientNonce }: Hello,
  { nonce: ownerNonce, epoch }: Omit<Challenge, 'proof'>,
): string {
  const said = [role, address, client, protocol, schema, reads, clientNonce, ownerNonce, epoch];
  return createHmac('sha256', key).update(JSON.stringify(said)).digest('base64');
}

function freshNonce(): string {
  return randomBytes(24).toString('base64');
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
