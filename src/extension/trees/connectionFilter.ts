import { endpointLabel, type ConnectionProfile } from '../../engine/connections/profile';

/** Whether every word of `text` is found in name, address, environment, engine or tags; `#tag` means a tag exactly. */
export function matchesConnection(profile: ConnectionProfile, text: string): boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const tags = profile.tags.map((tag) => tag.toLowerCase());
  const haystack = [
    profile.name,
    profile.engine,
    profile.environment,
    ...profile.endpoints.map(endpointLabel),
    ...tags,
  ]
    .join('\n')
    .toLowerCase();
  return words.every((word) =>
    word.startsWith('#') ? tags.includes(word.slice(1)) : haystack.includes(word),
  );
}
