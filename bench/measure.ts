/** What a bench found, and what it is held to. */
export interface Measure {
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  /** The same work by the shortest known way, measured in the same run. */
  readonly floor?: number;
  readonly budget: Budget;
}

/** A limit on the value itself, on value / floor, or on value - floor. */
export interface Budget {
  readonly of: 'value' | 'ratio' | 'excess';
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** Takes each measure as soon as it is known. */
export type Report = (measure: Measure) => void;

/** What a file of this folder exports as `bench`. */
export type Bench = (report: Report) => Promise<void>;

/** One line of the output. */
export interface Line {
  readonly bench: string;
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  readonly floor: number | null;
  readonly ratio: number | null;
  readonly budget: string;
  readonly pass: boolean;
}

/** Compares a measure with its budget; one whose floor is missing but needed does not pass. */
export function judge(bench: string, { metric, value, unit, floor, budget }: Measure): Line {
  const ratio = floor === undefined ? undefined : value / floor;
  const excess = floor === undefined ? undefined : value - floor;
  const judged = { value, ratio, excess }[budget.of] ?? Number.NaN;
  const pass = judged <= (budget.atMost ?? Infinity) && judged >= (budget.atLeast ?? -Infinity);
  return {
    ...{ bench, metric, value: rounded(value), unit },
    ...{
      floor: floor === undefined ? null : rounded(floor),
      ratio: ratio === undefined ? null : rounded(ratio),
    },
    ...{ budget: described(budget), pass },
  };
}

/** The middle of the values; the lower of the two middles when there are two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (middle === undefined) throw new Error('There is no median of nothing');
  return middle;
}

/** The value that 95 of 100 do not exceed. */
export function p95(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const found = sorted[Math.ceil(sorted.length * 0.95) - 1];
  if (found === undefined) throw new Error('There is no percentile of nothing');
  return found;
}

function described({ of, atMost, atLeast }: Budget): string {
  const limits = [
    atMost === undefined ? [] : `${of} <= ${atMost}`,
    atLeast === undefined ? [] : `${of} >= ${atLeast}`,
  ];
  return limits.flat().join(', ');
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
