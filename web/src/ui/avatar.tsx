import { useState } from "react";
import { classNames } from "./button";
import { readableTextColor } from "./contrast";

interface Props {
  initials: string;
  /** A CSS color. */
  color: string;
  src?: string | null;
}

/**
 * A round avatar: the image, or the initials on the user's color. Decorative: the name is shown
 * next to it.
 */
export function Avatar({ initials, color, src }: Props) {
  const [broken, setBroken] = useState(false);
  return (
    <span
      className="avatar"
      style={{ backgroundColor: color, color: readableTextColor(color) }}
      aria-hidden="true"
    >
      <span className={classNames("avatar__initials", sizeFor(initials))}>{initials}</span>
      {src && !broken && (
        <img
          className="avatar__image"
          src={src}
          alt=""
          loading="lazy"
          onError={() => setBroken(true)}
        />
      )}
    </span>
  );
}

/** More letters get a smaller font so that they fit into the circle. */
function sizeFor(initials: string): string | null {
  const letters = [...initials].length;
  if (letters > 3) return "avatar__initials--longer";
  return letters > 2 ? "avatar__initials--long" : null;
}
