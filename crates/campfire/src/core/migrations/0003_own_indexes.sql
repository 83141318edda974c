-- Pages of a room are ordered by time and id; Rails' index only covers the room.
CREATE INDEX campfire_messages_in_order ON messages (room_id, created_at, id);
