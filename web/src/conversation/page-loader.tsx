import { useCallback, useEffect, useRef, useState } from "react";
import { strings } from "../strings";
import { Button, LoadingDots } from "../ui/button";

/** The distance from the viewport at which the next page is loaded. */
const preloadMargin = "600px 0px";

interface Props {
  /** Loads the next page. */
  load: () => Promise<void>;
  waiting: string;
  failed: string;
  /** Called when loading starts or ends. */
  onBusy: (busy: boolean) => void;
  /** Changes with the loaded messages, to check again whether the edge is visible. */
  version: unknown;
}

/** Loads the next page when the edge of the loaded messages comes close to the viewport. */
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
      // Shown with a retry button.
      setState("failed");
    } finally {
      onBusy(false);
    }
  }, [load, onBusy]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: after loading a page the edge may still be visible
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
