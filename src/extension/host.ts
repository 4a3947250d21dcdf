import * as v from 'valibot';
import type * as vscode from 'vscode';
import type { ConnectionSecrets, SecretVault } from '../engine/connections/stores';
import { parseWith } from '../engine/kernel/parse';
import type { Log, LogFields } from '../engine/kernel/ports';
import { redactText } from '../engine/kernel/redact';
import { plainEntry } from './plainText';

const storedSecrets = v.object({ password: v.optional(v.string()), keyPassphrase: v.optional(v.string()) });

/** SecretStorage as the engine's vault: one JSON entry a connection. */
export function secretVault(storage: vscode.SecretStorage): SecretVault {
  return {
    async get(ref) {
      const text = await storage.get(ref);
      if (text === undefined) return undefined;
      const parsed: ConnectionSecrets = withoutUndefined(
        parseWith(storedSecrets, JSON.parse(text), 'Stored secret'),
      );
      return parsed;
    },
    set: async (ref, secrets) => storage.store(ref, JSON.stringify(secrets)),
    remove: async (ref) => storage.delete(ref),
  };
}

function withoutUndefined({
  password,
  keyPassphrase,
}: v.InferOutput<typeof storedSecrets>): ConnectionSecrets {
  return {
    ...(password !== undefined && { password }),
    ...(keyPassphrase !== undefined && { keyPassphrase }),
  };
}

/** The output channel as the engine's log: one line an entry, every text through the redactor. */
export function channelLog(channel: vscode.LogOutputChannel): Log {
  const line = (message: string, fields: LogFields = {}): string => {
    const pairs = Object.entries(fields).filter(([, value]) => value !== undefined);
    const entry = [message, ...pairs.map(([name, value]) => `${name}=${String(value)}`)].join(' ');
    return plainEntry(redactText(entry));
  };
  return {
    debug: (message, fields) => {
      channel.debug(line(message, fields));
    },
    info: (message, fields) => {
      channel.info(line(message, fields));
    },
    warn: (message, fields) => {
      channel.warn(line(message, fields));
    },
    error: (message, fields) => {
      channel.error(line(message, fields));
    },
  };
}
