/** Something took longer than anybody would wait. */
export class TooSlow extends Error {
  override readonly name = "TooSlow";
}

/** The result, unless it takes longer than so many milliseconds. */
export function inTime<Result>(asked: Promise<Result>, milliseconds: number): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new TooSlow()), milliseconds);
    asked.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
