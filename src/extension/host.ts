import * as v from 'valibot';
import type * as vscode from 'vscode';
import type { BoundMark } from '../engine/connections/bindOldSecrets';
import { secretBinding } from '../engine/connections/secretBinding';
import type { KeptSecrets, SecretVault } from '../engine/connections/stores';
import { parseWith } from '../engine/kernel/parse';
import type { Log, LogFields } from '../engine/kernel/ports';
import { redactText } from '../engine/kernel/redact';
import { plainEntry } from './plainText';

const storedSecrets = v.object({
  password: v.optional(v.string()),
  keyPassphrase: v.optional(v.string()),
  boundTo: v.optional(secretBinding),
});

/** SecretStorage as the engine's vault: one JSON entry a connection. */
export function secretVault(storage: vscode.SecretStorage): SecretVault {
  return {
    async get(ref) {
      const text = await storage.get(ref);
      if (text === undefined) return undefined;
      const parsed: KeptSecrets = withoutUndefined(
        parseWith(storedSecrets, JSON.parse(text), 'Stored secret'),
      );
      return parsed;
    },
    set: async (ref, secrets) => storage.store(ref, JSON.stringify(secrets)),
    remove: async (ref) => storage.delete(ref),
  };
}

/** Says beside the secrets that those of earlier versions were bound to their connections. */
export function boundMark(storage: vscode.SecretStorage): BoundMark {
  const name = 'cachify.secretsAreBound';
  return {
    isSet: async () => (await storage.get(name)) !== undefined,
    set: async () => storage.store(name, 'yes'),
  };
}

function withoutUndefined({
  password,
  keyPassphrase,
  boundTo,
}: v.InferOutput<typeof storedSecrets>): KeptSecrets {
  return {
    ...(password !== undefined && { password }),
    ...(keyPassphrase !== undefined && { keyPassphrase }),
    ...(boundTo !== undefined && { boundTo }),
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
