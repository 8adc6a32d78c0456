import java.nio.ByteBuffer;

/** What is known of a message: its step, ended or not, until when it waits, and the request as it came. */
record Message(int step, boolean hasEnded, long dueAt, byte[] request) {
  /** Of a step without a wait. */
  static final long NEVER = Long.MAX_VALUE;

  private static final int FIELD_BYTES = 4 + 1 + 8;

  byte[] toBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(FIELD_BYTES + request.length);
    return bytes.putInt(step).put((byte) (hasEnded ? 1 : 0)).putLong(dueAt).put(request).array();
  }

  static Message of(byte[] stored) {
    ByteBuffer bytes = ByteBuffer.wrap(stored);
    int step = bytes.getInt();
    boolean hasEnded = bytes.get() == 1;
    long dueAt = bytes.getLong();
    byte[] request = new byte[bytes.remaining()];
    bytes.get(request);
    return new Message(step, hasEnded, dueAt, request);
  }

  Message at(int nextStep, long nextDueAt) {
    return new Message(nextStep, false, nextDueAt, request);
  }

  Message ended() {
    return new Message(step, true, NEVER, request);
  }
}
