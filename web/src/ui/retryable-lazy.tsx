// Like `React.lazy`, but a failed import can be retried.
import { type ComponentType, lazy } from "react";
import { Unreachable } from "../api/problem";

/** Functions that reset the components whose import failed. */
const failedImports = new Set<() => void>();

/**
 * A component whose code is loaded when it renders for the first time. A failed import stays failed
 * until `retryFailedImports`: the code that shows the error decides when to try again.
 */
export function retryableLazy<Props extends object>(
  load: () => Promise<{ default: ComponentType<Props> }>,
): ComponentType<Props> {
  const createLazy = (): ComponentType<Props> =>
    lazy(() =>
      load().catch((error) => {
        failedImports.add(() => {
          Part = createLazy();
        });
        throw new Unreachable(error);
      }),
    );
  let Part = createLazy();
  return function Fetched(props: Props) {
    return <Part {...props} />;
  };
}

/** Loads failed components again when they render next. */
export function retryFailedImports() {
  for (const createLazy of failedImports) createLazy();
  failedImports.clear();
}
