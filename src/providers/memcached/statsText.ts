import { endpointLabel, type Endpoint } from '../../engine/connections/profile';
import { invalid } from '../../engine/kernel/errors';

/** The name of a report, if it is one of those there are. */
export function requireReport(reports: readonly string[], name: string): string {
  if (reports.includes(name)) return name;
  throw invalid('This server gives no such report');
}

/** What the servers of a connection tell, a line a statistic; with several servers each has its heading. */
export function statsText(
  endpoints: readonly Endpoint[],
  all: readonly ReadonlyMap<string, string>[],
): string {
  const sections = all.map((stats, index) => {
    const endpoint = endpoints[index];
    const heading = all.length > 1 && endpoint ? [`# ${endpointLabel(endpoint)}`] : [];
    return [...heading, ...[...stats].map(([name, value]) => `${name} ${value}`)].join('\n');
  });
  return `${sections.join('\n\n')}\n`;
}
