import { ServerCrash } from "lucide-react";
import type { ReactNode } from "react";
import { errorMessage } from "../api/problem";
import { strings } from "../strings";
import { Button, LoadingDots } from "./button";
import { Notice } from "./notice";

/** The fields of a query that are needed here. */
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

/** Renders a query's data, or its loading or error state with a retry button. */
export function QueryBoundary<Data>({ query, failedTitle, children }: Props<Data>) {
  // Data stays when a refetch fails: the live connection shows whether the server is reachable.
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

export function Loading() {
  return (
    <div className="loading" role="status">
      <span className="visually-hidden">{strings.loading}</span>
      <LoadingDots />
    </div>
  );
}
