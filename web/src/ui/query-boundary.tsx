import { ServerCrash } from "lucide-react";
import type { ReactNode } from "react";
import { errorMessage } from "../api/problem";
import { strings } from "../strings";
import { Button, LoadingDots } from "./button";
import { Notice } from "./notice";

/** As much of a query as matters for showing its data. */
interface Query<Data> {
  data: Data | undefined;
  isError: boolean;
  error: unknown;
  isFetching: boolean;
  refetch: () => unknown;
}

interface Props<Data> {
  query: Query<Data>;
  failedTitle: string;
  children: (data: Data) => ReactNode;
}

/** Data as soon as it is there; until then that it is coming, or why not and how to try again. */
export function QueryBoundary<Data>({ query, failedTitle, children }: Props<Data>) {
  // What is known stays, also when asking again failed: the live connection says when it returns.
  if (query.data !== undefined) return children(query.data);
  if (!query.isError) return <Loading />;
  return (
    <Notice
      icon={<ServerCrash />}
      title={failedTitle}
      action={
        <Button onClick={() => query.refetch()} busy={query.isFetching}>
          {strings.retry}
        </Button>
      }
      alert
    >
      {errorMessage(query.error)}
    </Notice>
  );
}

/** Moving dots where something will be. */
export function Loading() {
  return (
    <div className="loading" role="status">
      <span className="visually-hidden">{strings.loading}</span>
      <LoadingDots />
    </div>
  );
}
