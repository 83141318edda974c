import { useEffect, useRef } from "react";
import { strings } from "../strings";
import { Button } from "./button";

interface Props {
  hasMore: boolean;
  busy: boolean;
  failed: boolean;
  load: () => unknown;
  label?: string;
}

/** The end of a paged list: loads the next page when it comes close to the viewport. */
export function LoadMore({ hasMore, busy, failed, load, label = strings.panel.more }: Props) {
  const sentinel = useRef<HTMLDivElement>(null);
  // After an error only a click tries again, so that a broken network is not polled.
  const isWaiting = hasMore && !busy && !failed;
  useEffect(() => {
    if (!isWaiting || !sentinel.current) return;
    const observer = new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && load(),
      { rootMargin: "50%" },
    );
    observer.observe(sentinel.current);
    return () => observer.disconnect();
  }, [isWaiting, load]);
  if (!hasMore) return null;
  return (
    <div className="load-more" ref={sentinel}>
      {failed && <p role="alert">{strings.panel.moreFailed}</p>}
      <Button onClick={() => load()} busy={busy}>
        {label}
      </Button>
    </div>
  );
}
