// The one socket to the server: Action Cable with session resume and stream history.
import { Channel, createCable } from '@anycable/web';

const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/cable`;

export const cable = createCable(url, { protocol: 'actioncable-v1-ext-json' });

/** Everything that happens to a room's messages. */
export class RoomMessages extends Channel<{ room_id: number }> {
  static override identifier = 'RoomMessagesChannel';
}

/** That one looks at a room, and who else does. */
export class Presence extends Channel<{ room_id: number }> {
  static override identifier = 'PresenceChannel';
}

/** Rooms in which something new was said. */
export class UnreadRooms extends Channel {
  static override identifier = 'UnreadRoomsChannel';
}

/** Rooms that were read on another of one's devices. */
export class ReadRooms extends Channel {
  static override identifier = 'ReadRoomsChannel';
}
