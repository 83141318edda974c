import type { components } from "../api/schema";

/** Oneself: also with the address one signs in with. */
export type Me = components["schemas"]["Me"];

/** A device one is signed in on. */
export type Device = components["schemas"]["DeviceView"];
