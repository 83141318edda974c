export class TimedOut extends Error {
  override readonly name = "TooSlow";
}

/** Settles like `promise`, or rejects with `TimedOut` after this many milliseconds. */
export function withTimeout<Result>(
  promise: Promise<Result>,
  milliseconds: number,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new TimedOut()), milliseconds);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
