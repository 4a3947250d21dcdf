import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { Server, Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import * as vscode from 'vscode';

/** What activating one extension cost its host. */
export interface Activation {
  readonly milliseconds: number;
  /** Driver bundles the host has evaluated. */
  readonly drivers: number;
  /** Connections and listening sockets it asked for. */
  readonly sockets: number;
}

/** Called by the extension host: activates the extension BENCH_EXTENSION names, writes an Activation to BENCH_RESULT. */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension(process.env['BENCH_EXTENSION'] ?? '');
  assert.ok(extension, 'the extension is there');
  assert.equal(extension.isActive, false, 'the extension was active before it was measured');
  const sockets = countCalls(Socket.prototype, 'connect');
  const servers = countCalls(Server.prototype, 'listen');
  const started = performance.now();
  await extension.activate();
  const milliseconds = performance.now() - started;
  const activation: Activation = { milliseconds, drivers: loadedDrivers(), sockets: sockets() + servers() };
  writeFileSync(process.env['BENCH_RESULT'] ?? '', JSON.stringify(activation));
}

/** Counts the calls of a method from here on; the returned function gives the count and stops counting. */
function countCalls(owner: object, method: string): () => number {
  const original: unknown = Reflect.get(owner, method);
  assert.equal(typeof original, 'function');
  let calls = 0;
  const counted = new Proxy(original as (...args: unknown[]) => unknown, {
    apply(target, self, args): unknown {
      calls += 1;
      return Reflect.apply(target, self, args);
    },
  });
  Reflect.set(owner, method, counted);
  return () => {
    Reflect.set(owner, method, original);
    return calls;
  };
}

function loadedDrivers(): number {
  return Object.keys(require.cache).filter((file) =>
    /[\\/](dist[\\/]drivers|ioredis|memjs|sql\.js)[\\/]/.test(file),
  ).length;
}
