// The rooms one is in, and which of them hold something unread.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, ask, type Room } from '../api/client';
import { cable, ReadRooms, UnreadRooms } from '../cable/cable';

export const useRooms = () => useQuery({ queryKey: ['rooms'], queryFn: () => ask(api.GET('/api/v1/rooms')) });

/** Keeps the unread marks true while the page is open. `current` is the room that is being read. */
export function useUnreadMarks(current: number | undefined): void {
  const queries = useQueryClient();
  useEffect(() => {
    const mark = (room: number, unread: boolean) =>
      queries.setQueryData<Room[]>(['rooms'], (rooms) =>
        rooms?.map((known) => (known.id === room && known.unread !== unread ? { ...known, unread } : known)),
      );
    const [unreads, reads] = [new UnreadRooms(), new ReadRooms()];
    unreads.on('message', (event) => {
      const { roomId } = event as { roomId: number };
      const known = queries.getQueryData<Room[]>(['rooms'])?.some((room) => room.id === roomId);
      if (!known) void queries.invalidateQueries({ queryKey: ['rooms'] });
      else mark(roomId, !(roomId === current && document.visibilityState === 'visible'));
    });
    reads.on('message', (event) => mark((event as { room_id: number }).room_id, false));
    // Marks are not kept for those who were away; the list itself knows.
    unreads.on('connect', (event) => event.reconnect && void queries.invalidateQueries({ queryKey: ['rooms'] }));
    cable.subscribe(unreads);
    cable.subscribe(reads);
    return () => {
      unreads.disconnect();
      reads.disconnect();
    };
  }, [current, queries]);
}
