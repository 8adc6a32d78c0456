import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The rules for steps that follow each other: the first at once, the next when a wait is over or a report says that
 * the step failed, an outcome when a step got through or none is left. The stores' changelogs are its journal.
 */
final class FallbackProcessor implements Processor<String, byte[], String, byte[]> {
  static final String MESSAGES = "messages";
  /** Keys are the instant, so that the oldest come first, and the message's id. */
  static final String TIMERS = "timers";
  static final String OUTCOMES = "outcomes";

  /** Set while timers are armed that are all to fire at once. */
  static volatile boolean isHeld = false;

  private static final List<String> WORDS = List.of("ACCEPTED", "SENT", "DELIVERED", "READ");
  private static final Set<String> FAILURES = Set.of("REJECTED", "FAILED", "UNDELIVERED", "EXPIRED");
  private static final int FIRED_COUNT_MAX = 2_000;
  private static final byte[] NOTHING = new byte[0];

  private final Contracts contracts;
  private final String requestTopic;
  private final Duration lookEvery;
  private ProcessorContext<String, byte[]> context;
  private KeyValueStore<String, byte[]> messages;
  private KeyValueStore<Bytes, byte[]> timers;

  FallbackProcessor(Supplier<Contracts> contracts, String requestTopic, Duration lookEvery) {
    this.contracts = contracts.get();
    this.requestTopic = requestTopic;
    this.lookEvery = lookEvery;
  }

  @Override
  public void init(ProcessorContext<String, byte[]> given) {
    context = given;
    messages = given.getStateStore(MESSAGES);
    timers = given.getStateStore(TIMERS);
    given.schedule(lookEvery, PunctuationType.WALL_CLOCK_TIME, this::fire);
  }

  @Override
  public void process(Record<String, byte[]> record) {
    String topic = context.recordMetadata().orElseThrow().topic();
    if (topic.equals(requestTopic)) begin(record.key(), record.value());
    else report(record.key(), contracts.reports.decode(record.value()));
  }

  private void begin(String id, byte[] bytes) {
    if (messages.get(id) != null) return;
    GenericRecord request = contracts.requests.decode(bytes);
    long now = System.currentTimeMillis();
    Message message = new Message(0, false, dueAt(request, 0, now), bytes);
    enter(id, message, request, now);
  }

  private void report(String id, GenericRecord report) {
    byte[] stored = messages.get(id);
    if (stored == null) return;
    Message message = Message.of(stored);
    Object attemptIndex = report.get("attemptIndex");
    if (message.hasEnded() || !Integer.valueOf(message.step()).equals(attemptIndex)) return;
    String word = report.get("status").toString();
    GenericRecord request = contracts.requests.decode(message.request());
    if (FAILURES.contains(word)) leave(id, message, request);
    else if (reaches(word, request, message.step())) end(id, message, request, "SUCCEEDED");
    else messages.put(id, stored);
  }

  private void fire(long now) {
    if (isHeld) return;
    for (Bytes key : dueAt(now)) {
      String id = new String(key.get(), Long.BYTES, key.get().length - Long.BYTES, StandardCharsets.UTF_8);
      Message message = Message.of(messages.get(id));
      leave(id, message, contracts.requests.decode(message.request()));
    }
  }

  private List<Bytes> dueAt(long now) {
    List<Bytes> due = new ArrayList<>();
    Bytes end = Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(now + 1).array());
    try (KeyValueIterator<Bytes, byte[]> found = timers.range(null, end)) {
      while (found.hasNext() && due.size() < FIRED_COUNT_MAX) due.add(found.next().key);
    }
    return due;
  }

  private void leave(String id, Message message, GenericRecord request) {
    int next = message.step() + 1;
    if (next >= Contracts.stepsOf(request).size()) {
      end(id, message, request, "EXHAUSTED");
      return;
    }
    long now = System.currentTimeMillis();
    disarm(id, message);
    enter(id, message.at(next, dueAt(request, next, now)), request, now);
  }

  private void enter(String id, Message message, GenericRecord request, long now) {
    messages.put(id, message.toBytes());
    if (message.dueAt() != Message.NEVER) timers.put(timerKey(id, message.dueAt()), NOTHING);
    String channel = Contracts.stepsOf(request).get(message.step()).get("channel").toString();
    byte[] command = contracts.command(request, message.step(), message.dueAt(), now);
    context.forward(new Record<>(id, command, now), "commands-" + channel);
  }

  private void end(String id, Message message, GenericRecord request, String word) {
    long now = System.currentTimeMillis();
    disarm(id, message);
    messages.put(id, message.ended().toBytes());
    boolean isReached = word.equals("SUCCEEDED");
    byte[] outcome = contracts.outcome(request, word, message.step(), isReached, now);
    context.forward(new Record<>(id, outcome, now), OUTCOMES);
  }

  private void disarm(String id, Message message) {
    if (message.dueAt() != Message.NEVER) timers.delete(timerKey(id, message.dueAt()));
  }

  private static boolean reaches(String word, GenericRecord request, int step) {
    String wanted = Contracts.stepsOf(request).get(step).get("wanted").toString();
    return WORDS.indexOf(word) >= WORDS.indexOf(wanted);
  }

  private static long dueAt(GenericRecord request, int step, long now) {
    Object waitSeconds = Contracts.stepsOf(request).get(step).get("waitSeconds");
    return waitSeconds == null ? Message.NEVER : now + ((Number) waitSeconds).longValue() * 1_000;
  }

  private static Bytes timerKey(String id, long dueAt) {
    byte[] text = id.getBytes(StandardCharsets.UTF_8);
    return Bytes.wrap(ByteBuffer.allocate(Long.BYTES + text.length).putLong(dueAt).put(text).array());
  }
}
