import { Laptop, Smartphone } from "lucide-react";
import type { ReactNode } from "react";
import { fullTime } from "../ui/time";
import { deviceName, parseUserAgent } from "./user-agent";

interface Props {
  userAgent: Parameters<typeof deviceName>[0];
  /** A moment that matters about it, on hover. */
  time: Date;
  /** What is said of it; what is empty is left out. */
  about: readonly (string | null | undefined)[];
  /** What can be done with it. */
  children?: ReactNode;
}

/** A device in a list of one's own. */
export function DeviceRow({ userAgent, time, about, children }: Props) {
  const Icon = parseUserAgent(userAgent).isMobile ? Smartphone : Laptop;
  return (
    <li className="device">
      <Icon className="device__icon" aria-hidden="true" />
      <span className="device__words">
        <span className="device__name">{deviceName(userAgent)}</span>
        <span className="device__about" title={fullTime.format(time)}>
          {about.filter(Boolean).join(" · ")}
        </span>
      </span>
      {children}
    </li>
  );
}
