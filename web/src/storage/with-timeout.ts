/** Something took longer than anybody would wait. */
export class TimedOut extends Error {
  override readonly name = "TooSlow";
}

/** The result, unless it takes longer than so many milliseconds. */
export function withTimeout<Result>(
  promise: Promise<Result>,
  milliseconds: number,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new TimedOut()), milliseconds);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
