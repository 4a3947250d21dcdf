import * as v from 'valibot';
import { type PageState, parsePageState } from '../../src/protocol/pageState';
import {
  type EventMap,
  fromHost,
  type FromHost,
  type FromWebview,
  type MethodMap,
  type ParamsOf,
  type ResultOf,
} from '../../src/protocol/rpc';
import { RpcFailure } from './failure';
import { t } from './l10n';

/** The part of the page that reaches the host. */
export interface Wire {
  post(message: FromWebview): void;
  /** Calls back for each message of the host until the returned function is called. */
  listen(receive: (message: unknown) => void): () => void;
  /** Calls back when the page becomes visible until the returned function is called. */
  onVisible(shown: () => void): () => void;
}

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

let api: VsCodeApi | undefined;

/** VS Code hands out its API once a page. */
function vscodeApi(): VsCodeApi {
  return (api ??= acquireVsCodeApi());
}

/** The wire of a page inside VS Code. */
export const pageWire: Wire = {
  post: (message) => vscodeApi().postMessage(message),
  listen: (receive) => on(window, 'message', (event) => receive((event as MessageEvent<unknown>).data)),
  onVisible: (shown) =>
    on(document, 'visibilitychange', () => {
      if (document.visibilityState === 'visible') shown();
    }),
};

function on(target: EventTarget, name: string, handler: (event: Event) => void): () => void {
  target.addEventListener(name, handler);
  return () => target.removeEventListener(name, handler);
}

/** What the page keeps between loads; see `PageState`. */
export function readPageState(): PageState {
  return parsePageState(vscodeApi().getState());
}

/** Changes a part of what the page keeps. */
export function writePageState(change: PageState): void {
  vscodeApi().setState({ ...readPageState(), ...change });
}

interface Pending {
  readonly method: string;
  resolve(result: unknown): void;
  reject(reason: Error): void;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

type Listener = (data: unknown) => void;

/** Typed requests to the host and events from it. States: connected, disposed (everything pending rejected). */
export class Rpc<M extends MethodMap, E extends EventMap> {
  private readonly pending = new Map<number, Pending>();
  private readonly listeners = new Map<string, Listener>();
  private readonly stops: (() => void)[] = [];
  private lastId = 0;
  private lastSeq = 0;
  private disposed = false;

  constructor(
    private readonly methods: M,
    private readonly events: E,
    private readonly wire: Wire,
    private readonly clientId: string = crypto.randomUUID(),
  ) {
    this.stops.push(wire.listen((message) => this.receive(message)));
  }

  /** Tells the host that this page listens; `onStale` runs when events may have been missed. */
  ready(onStale: () => void): void {
    this.stops.push(this.wire.onVisible(onStale));
    this.onStale = onStale;
    this.wire.post({ kind: 'ready', clientId: this.clientId });
  }

  private onStale: () => void = () => undefined;

  /** Asks the host; rejects with `RpcFailure`, or with an `AbortError` when the signal aborts. */
  call<K extends keyof M & string>(
    method: K,
    params: ParamsOf<M[K]>,
    { signal }: CallOptions = {},
  ): Promise<ResultOf<M[K]>> {
    return new Promise<unknown>((resolve, reject) => {
      if (this.disposed) return reject(replaced(method));
      if (signal?.aborted) return reject(aborted());
      const id = ++this.lastId;
      const cancel = (): void => this.cancel(id);
      const settle = (): boolean => {
        signal?.removeEventListener('abort', cancel);
        return this.pending.delete(id);
      };
      this.pending.set(id, {
        method,
        resolve: (result) => settle() && resolve(result),
        reject: (reason) => settle() && reject(reason),
      });
      signal?.addEventListener('abort', cancel, { once: true });
      this.wire.post({ kind: 'request', clientId: this.clientId, id, method, params });
    });
  }

  /** Calls `listener` with the data of each event of this name; one listener a name. */
  on<K extends keyof E & string>(name: K, listener: (data: v.InferOutput<E[K]>) => void): void {
    this.listeners.set(name, listener);
  }

  /** Stops listening and rejects everything pending. */
  dispose(): void {
    this.disposed = true;
    for (const stop of this.stops.splice(0)) stop();
    for (const pending of [...this.pending.values()]) pending.reject(replaced(pending.method));
  }

  private cancel(id: number): void {
    this.wire.post({ kind: 'cancel', clientId: this.clientId, id });
    this.pending.get(id)?.reject(aborted());
  }

  private receive(raw: unknown): void {
    const parsed = v.safeParse(fromHost, raw);
    if (!parsed.success || parsed.output.clientId !== this.clientId) return;
    const message = parsed.output;
    if (message.kind === 'event') this.receiveEvent(message);
    else if (message.kind === 'failure')
      this.pending.get(message.id)?.reject(new RpcFailure(withoutUndefined(message.error)));
    else this.receiveResult(message.id, message.result);
  }

  private receiveResult(id: number, result: unknown): void {
    const pending = this.pending.get(id);
    const method = pending && this.methods[pending.method];
    if (!method) return;
    const parsed = v.safeParse(method.result, result);
    if (parsed.success) pending.resolve(parsed.output);
    else pending.reject(new RpcFailure(internal(t('The answer to {0} could not be read.', pending.method))));
  }

  private receiveEvent({ seq, name, data }: Extract<FromHost, { kind: 'event' }>): void {
    const gap = seq !== this.lastSeq + 1;
    this.lastSeq = Math.max(seq, this.lastSeq);
    if (gap) return this.onStale();
    const schema = this.events[name];
    const parsed = schema && v.safeParse(schema, data);
    if (parsed?.success) this.listeners.get(name)?.(parsed.output);
    else this.onStale();
  }
}

function withoutUndefined({
  field,
  ...error
}: Extract<FromHost, { kind: 'failure' }>['error']): RpcFailure['failure'] {
  return field === undefined ? error : { ...error, field };
}

function internal(message: string): RpcFailure['failure'] {
  return { code: 'INTERNAL_ERROR', message, retryable: false, correlationId: '' };
}

function replaced(method: string): RpcFailure {
  return new RpcFailure({
    ...internal(t('{0} was given up: the panel was replaced.', method)),
    retryable: true,
  });
}

function aborted(): DOMException {
  return new DOMException('The request was cancelled', 'AbortError');
}
