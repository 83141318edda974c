import { useEffect, useState } from "react";
import { TypingNotificationsChannel } from "../cable/channels";
import { useConnection } from "../cable/context";
import { follow } from "../cable/follow";
import { words } from "../strings";
import { Dots } from "../ui/button";
import { heard, stillTyping, type Typist, typistNames } from "./typing-notifications";

/** How often silence is looked for, and how seldom it is said aloud who types, in milliseconds. */
const tick = 1_000;
const quiet = 10_000;

interface Props {
  roomId: number;
  myId: number;
}

/** Who else is typing in the room. Lies over the end of the messages, so that nothing moves. */
export function TypingIndicator({ roomId, myId }: Props) {
  const connection = useConnection();
  const [typists, setTypists] = useState<readonly Typist[]>([]);
  const isBusy = typists.length > 0;

  useEffect(() => {
    const none = () => setTypists([]);
    const stop = follow(connection, new TypingNotificationsChannel({ room_id: roomId }), {
      receive: (event) => setTypists((before) => heard(before, event, myId, Date.now())),
      begun: none,
      lost: none,
    });
    return () => {
      stop();
      none();
    };
  }, [connection, roomId, myId]);

  useEffect(() => {
    if (!isBusy) return;
    const timer = setInterval(() => setTypists((now) => stillTyping(now, Date.now())), tick);
    return () => clearInterval(timer);
  }, [isBusy]);

  const sentence = isBusy ? words.composer.typing(typistNames(typists)) : "";
  const said = useSeldom(sentence);
  return (
    <>
      {sentence && (
        <p className="typing" aria-hidden="true">
          <Dots />
          <span className="typing__names">{sentence}</span>
        </p>
      )}
      <span className="visually-hidden" role="status">
        {said}
      </span>
    </>
  );
}

/** The text for reading aloud: not each coming and going of it. */
function useSeldom(text: string): string {
  const [said, setSaid] = useState({ text: "", at: Number.NEGATIVE_INFINITY });
  useEffect(() => {
    if (text === "" || text === said.text) return;
    const wait = Math.max(0, said.at + quiet - Date.now());
    const timer = setTimeout(() => setSaid({ text, at: Date.now() }), wait);
    return () => clearTimeout(timer);
  }, [text, said]);
  return text && said.text;
}
