import { useEffect, useState } from "react";
import { TypingNotificationsChannel } from "../cable/channels";
import { useConnection } from "../cable/context";
import { subscribeToChannel } from "../cable/subscribe-to-channel";
import { strings } from "../strings";
import { LoadingDots } from "../ui/button";
import { type Typist, typistNames, withoutExpired, withTypingEvent } from "./typing-notifications";

/**
 * How often expired typists are removed, and how often screen readers announce typists at most, in
 * milliseconds.
 */
const expiryInterval = 1_000;
const announceInterval = 10_000;

interface Props {
  roomId: number;
  myId: number;
}

/**
 * Shows who else is typing. Overlays the end of the messages, so that the layout does not change.
 */
export function TypingIndicator({ roomId, myId }: Props) {
  const connection = useConnection();
  const [typists, setTypists] = useState<readonly Typist[]>([]);
  const isBusy = typists.length > 0;

  useEffect(() => {
    const none = () => setTypists([]);
    const stop = subscribeToChannel(
      connection,
      new TypingNotificationsChannel({ room_id: roomId }),
      {
        receive: (event) =>
          setTypists((before) => withTypingEvent(before, event, myId, Date.now())),
        subscribed: none,
        eventsMissed: none,
      },
    );
    return () => {
      stop();
      none();
    };
  }, [connection, roomId, myId]);

  useEffect(() => {
    if (!isBusy) return;
    const timer = setInterval(
      () => setTypists((now) => withoutExpired(now, Date.now())),
      expiryInterval,
    );
    return () => clearInterval(timer);
  }, [isBusy]);

  const sentence = isBusy ? strings.composer.typing(typistNames(typists)) : "";
  const announced = useThrottledText(sentence);
  return (
    <>
      {sentence && (
        <p className="typing" aria-hidden="true">
          <LoadingDots />
          <span className="typing__names">{sentence}</span>
        </p>
      )}
      <span className="visually-hidden" role="status">
        {announced}
      </span>
    </>
  );
}

/** Limits how often the text for screen readers changes. */
function useThrottledText(text: string): string {
  const [announced, setAnnounced] = useState({ text: "", at: Number.NEGATIVE_INFINITY });
  useEffect(() => {
    if (text === "" || text === announced.text) return;
    const wait = Math.max(0, announced.at + announceInterval - Date.now());
    const timer = setTimeout(() => setAnnounced({ text, at: Date.now() }), wait);
    return () => clearTimeout(timer);
  }, [text, announced]);
  return text && announced.text;
}
