import { useCallback, useEffect, useRef, useState } from "react";
import { strings } from "../strings";
import { Button, LoadingDots } from "../ui/button";

/** How far before the end of what is loaded the next page is asked for. */
const preloadMargin = "600px 0px";

interface Props {
  /** Loads the next page beyond this edge. */
  load: () => Promise<void>;
  waiting: string;
  failed: string;
  /** Told while a page is on its way. */
  onBusy: (busy: boolean) => void;
  /** Changes with what is loaded: the edge looks again whether it is in view. */
  version: unknown;
}

/** Where the loaded messages end and others follow: coming near loads them. */
export function PageLoader({ load, waiting, failed, onBusy, version }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<"idle" | "busy" | "failed">("idle");

  const start = useCallback(async () => {
    setState("busy");
    onBusy(true);
    try {
      await load();
      setState("idle");
    } catch {
      // Shown, with a button: whatever the reason, the reader decides when to try again.
      setState("failed");
    } finally {
      onBusy(false);
    }
  }, [load, onBusy]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page may leave the edge in view
  useEffect(() => {
    if (state !== "idle" || !element.current) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) start();
      },
      { root: element.current.closest(".messages"), rootMargin: preloadMargin },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [state, start, version]);

  return (
    <div className="messages__edge" ref={element}>
      {state === "busy" && (
        <>
          <LoadingDots />
          <span className="visually-hidden">{waiting}</span>
        </>
      )}
      {state === "failed" && (
        <>
          <span>{failed}</span>
          <Button onClick={start}>{strings.retry}</Button>
        </>
      )}
    </div>
  );
}
