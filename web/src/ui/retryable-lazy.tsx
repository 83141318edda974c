// Parts of the client that are fetched when they are needed.
import { type ComponentType, lazy } from "react";
import { Unreachable } from "../api/problem";

/** How to begin anew with what could not be fetched. */
const failedImports = new Set<() => void>();

/**
 * A part that is fetched when it is first shown. What could not be fetched is remembered as failed until
 * `askAgain`: whoever shows the failure says when the next attempt begins.
 */
export function retryableLazy<Props extends object>(
  load: () => Promise<{ default: ComponentType<Props> }>,
): ComponentType<Props> {
  const begin = (): ComponentType<Props> =>
    lazy(() =>
      load().catch((error) => {
        failedImports.add(() => {
          Part = begin();
        });
        throw new Unreachable(error);
      }),
    );
  let Part = begin();
  return function Fetched(props: Props) {
    return <Part {...props} />;
  };
}

/** Whatever failed is fetched anew when it is shown next. */
export function retryFailedImports() {
  for (const begin of failedImports) begin();
  failedImports.clear();
}
