import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { EngineError, invalid } from '../../engine/kernel/errors';
import type { Disposable } from '../../engine/kernel/lifetime';
import {
  type EventMap,
  fromWebview,
  type FromHost,
  type FromWebview,
  maxMessageLength,
  type MethodMap,
  type ParamsOf,
  type RpcError,
} from '../../protocol/rpc';
import { exceeds } from './messageSize';

/** The part of a webview that the host of its requests needs; `vscode.Webview` is one. */
export interface WebviewPort {
  postMessage(message: FromHost): PromiseLike<boolean>;
  onDidReceiveMessage(listener: (message: unknown) => void): Disposable;
}

/** What a handler may know about the request it answers. */
export interface RpcCall {
  /** Aborts when the person cancels, or the panel is closed. */
  readonly signal: AbortSignal;
  /** Names this request in the log and in the error a person sees. */
  readonly correlationId: string;
}

/** One function a method; its result is parsed before it is sent, so nothing more than the protocol leaves. */
export type Handlers<M extends MethodMap> = {
  readonly [K in keyof M]: (
    params: ParamsOf<M[K]>,
    call: RpcCall,
  ) => v.InferInput<M[K]['result']> | Promise<v.InferInput<M[K]['result']>>;
};

export interface RpcHostOptions<M extends MethodMap, E extends EventMap> {
  readonly port: WebviewPort;
  readonly methods: M;
  readonly events: E;
  readonly handlers: Handlers<M>;
  /** Makes the text for people, and logs; called once a failed request. */
  readonly toRpcError: (
    thrown: unknown,
    request: { readonly method: string; readonly correlationId: string },
  ) => RpcError;
  /** A page listens: the first one, and each that replaces it. */
  readonly onReady?: () => void;
  /** A request was served whose page had been replaced by then: the newer one does not know of it. */
  readonly onAnswerLost?: (method: string) => void;
  /** A message no page of ours would send was dropped. */
  readonly onDropped: (reason: string) => void;
}

type Request = Extract<FromWebview, { kind: 'request' }>;

/**
 * Answers the requests of one panel. States: waiting (no page is ready: nothing is posted); serving one client;
 * disposed (everything running aborted, nothing answered). A newer page replaces the client: what it asked for
 * goes on, a save must not stop because a tab was hidden, but is answered to nobody.
 */
export class RpcHost<M extends MethodMap, E extends EventMap> implements Disposable {
  private readonly running = new Map<string, AbortController>();
  private readonly formerClients = new Set<string>();
  private readonly subscription: Disposable;
  private client: string | undefined;
  private seq = 0;
  private visible = true;
  private disposed = false;

  constructor(private readonly options: RpcHostOptions<M, E>) {
    this.subscription = options.port.onDidReceiveMessage((message) => this.receive(message));
  }

  /** Sends an event to the page; dropped while there is none or it is hidden, which the page notices by the gap. */
  emit<K extends keyof E & string>(name: K, data: v.InferInput<E[K]>): void {
    if (this.client === undefined || this.disposed) return;
    this.seq++;
    if (!this.visible) return;
    this.post({ kind: 'event', clientId: this.client, seq: this.seq, name, data });
  }

  /** Tells whether the panel is in front; events to a hidden one would be lost without a trace. */
  setVisible(visible: boolean): void {
    this.visible = visible;
  }

  /** Aborts what runs and stops listening. */
  dispose(): void {
    this.disposed = true;
    this.subscription.dispose();
    for (const controller of this.running.values()) controller.abort();
    this.running.clear();
  }

  private receive(raw: unknown): void {
    if (exceeds(raw, maxMessageLength)) return this.refuseOversized(raw);
    const parsed = v.safeParse(fromWebview, raw);
    if (!parsed.success) return this.refuseMalformed(raw);
    const message = parsed.output;
    if (message.kind === 'ready') this.greet(message.clientId);
    else if (message.clientId !== this.client)
      this.options.onDropped('The message is of a page that was replaced');
    else if (message.kind === 'cancel') this.running.get(runKey(message))?.abort();
    else void this.serve(message);
  }

  private greet(clientId: string): void {
    if (clientId === this.client) return;
    if (this.formerClients.has(clientId))
      return this.options.onDropped('A page that was replaced said ready');
    if (this.client !== undefined) this.formerClients.add(this.client);
    this.client = clientId;
    this.seq = 0;
    this.options.onReady?.();
  }

  private async serve(request: Request): Promise<void> {
    const key = runKey(request);
    const correlationId = randomUUID();
    if (this.running.has(key)) {
      this.options.onDropped('A request id was used twice');
      return;
    }
    const controller = new AbortController();
    this.running.set(key, controller);
    try {
      const result = await this.run(request, { signal: controller.signal, correlationId });
      this.answer(request.method, { kind: 'result', clientId: request.clientId, id: request.id, result });
    } catch (thrown) {
      const error = this.options.toRpcError(thrown, { method: request.method, correlationId });
      this.answer(request.method, { kind: 'failure', clientId: request.clientId, id: request.id, error });
    } finally {
      this.running.delete(key);
    }
  }

  private async run({ method, params }: Request, call: RpcCall): Promise<unknown> {
    const { methods, handlers } = this.options;
    const known = Object.hasOwn(methods, method) ? methods[method] : undefined;
    const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined;
    if (!known || !handler)
      throw new EngineError('NOT_SUPPORTED', 'unsupported', `There is no method ${method}`);
    const parsed = v.safeParse(known.params, params);
    if (!parsed.success) throw invalid(`${method}: ${issueText(parsed.issues)}`);
    const result = v.safeParse(known.result, await handler(parsed.output as ParamsOf<M[string]>, call));
    if (!result.success) {
      throw new EngineError(
        'INTERNAL_ERROR',
        'bug',
        `${method} answered something else than agreed: ${issueText(result.issues)}`,
      );
    }
    return result.output;
  }

  /** Only a page that still listens gets the answer. */
  private answer(method: string, message: Exclude<FromHost, { kind: 'event' }>): void {
    if (this.disposed) return;
    if (message.clientId === this.client) this.post(message);
    else this.options.onAnswerLost?.(method);
  }

  private post(message: FromHost): void {
    this.options.port.postMessage(message).then(undefined, (thrown: unknown) => {
      this.options.onDropped(`A message could not be posted: ${String(thrown)}`);
    });
  }

  private refuseOversized(raw: unknown): void {
    this.refuse(raw, `The message is longer than ${maxMessageLength} characters`);
  }

  private refuseMalformed(raw: unknown): void {
    this.refuse(raw, 'The message is none that a panel sends');
  }

  /** What can still be told apart as a request is answered; the rest is dropped and logged. */
  private refuse(raw: unknown, reason: string): void {
    const parsed = v.safeParse(answerable, raw);
    if (!parsed.success || parsed.output.clientId !== this.client) return this.options.onDropped(reason);
    const { clientId, id } = parsed.output;
    const error = this.options.toRpcError(invalid(reason), {
      method: 'unknown',
      correlationId: randomUUID(),
    });
    this.answer('unknown', { kind: 'failure', clientId, id, error });
  }
}

const answerable = v.object({ clientId: v.string(), id: v.pipe(v.number(), v.integer(), v.minValue(1)) });

/** Ids are one page's own: two pages both begin at 1. */
function runKey({ clientId, id }: { readonly clientId: string; readonly id: number }): string {
  return `${clientId} ${id}`;
}

/** Which part of a message is wrong and why, without the value found there. */
function issueText(issues: readonly v.BaseIssue<unknown>[]): string {
  return issues
    .map((issue) => `${v.getDotPath(issue) ?? 'it'} should be ${issue.expected ?? 'something else'}`)
    .join('; ');
}
