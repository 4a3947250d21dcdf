import { useEffect, useState } from 'preact/hooks';

/** Milliseconds until the moment, counted down each second; undefined when there is none. */
export function useRemaining(untilMs: number | undefined): number | undefined {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    setNow(Date.now());
    if (untilMs === undefined) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [untilMs]);
  return untilMs === undefined ? undefined : Math.max(0, untilMs - now);
}
