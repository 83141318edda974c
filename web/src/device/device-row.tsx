import { Laptop, Smartphone } from "lucide-react";
import type { ReactNode } from "react";
import { fullTime } from "../ui/time";
import { deviceName, parseUserAgent } from "./user-agent";

interface Props {
  userAgent: Parameters<typeof deviceName>[0];
  /** A time to show in the tooltip. */
  time: Date;
  /** Facts about the device; empty ones are left out. */
  about: readonly (string | null | undefined)[];
  /** Buttons. */
  children?: ReactNode;
}

/** A device in a list. */
export function DeviceRow({ userAgent, time, about, children }: Props) {
  const Icon = parseUserAgent(userAgent).isMobile ? Smartphone : Laptop;
  return (
    <li className="device">
      <Icon className="device__icon" aria-hidden="true" />
      <span className="device__text">
        <span className="device__name">{deviceName(userAgent)}</span>
        <span className="device__about" title={fullTime.format(time)}>
          {about.filter(Boolean).join(" · ")}
        </span>
      </span>
      {children}
    </li>
  );
}
