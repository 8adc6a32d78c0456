import java.io.File;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;

/** The records that come in and go out, as the other systems have them. Of one thread. */
final class Contracts {
  /** How long a command without a wait counts. */
  private static final long LONGEST_MS = 3_600_000;

  final Records requests;
  final Records reports;
  private final Records commands;
  private final Records outcomes;

  Contracts(File folder, int commandId, int outcomeId) {
    requests = new Records(new File(folder, "send-request.avsc"), 0);
    reports = new Records(new File(folder, "status-report.avsc"), 0);
    commands = new Records(new File(folder, "dispatch-command.avsc"), commandId);
    outcomes = new Records(new File(folder, "message-outcome.avsc"), outcomeId);
  }

  /** The steps of a request, in order. */
  @SuppressWarnings("unchecked")
  static List<GenericRecord> stepsOf(GenericRecord request) {
    return (List<GenericRecord>) request.get("steps");
  }

  byte[] command(GenericRecord request, int index, long dueAt, long now) {
    GenericRecord step = stepsOf(request).get(index);
    Schema schema = commands.schema;
    boolean isTimed = dueAt != Message.NEVER;
    GenericRecordBuilder command = new GenericRecordBuilder(schema)
        .set("commandId", request.get("messageId") + ":" + index)
        .set("messageId", request.get("messageId"))
        .set("attemptIndex", index)
        .set("accountId", request.get("accountId"))
        .set("channel", step.get("channel"))
        .set("sender", step.get("sender"))
        .set("recipient", recipient(schema.getField("recipient").schema(), request))
        .set("content", content(schema.getField("content").schema(), request))
        .set("notAfter", isTimed ? dueAt : now + LONGEST_MS)
        .set("onUnknown", symbol(schema, "onUnknown", "WAIT"))
        .set("issuedAt", now);
    if (isTimed) command.set("waitMs", dueAt - now);
    return commands.encode(command.build());
  }

  byte[] outcome(GenericRecord request, String word, int lastStep, boolean isReached, long now) {
    Schema schema = outcomes.schema;
    Schema attempt = schema.getField("attempts").schema().getElementType();
    List<GenericRecord> steps = stepsOf(request);
    List<GenericData.Record> attempts = IntStream.rangeClosed(0, lastStep)
        .mapToObj(index -> new GenericRecordBuilder(attempt)
            .set("channel", steps.get(index).get("channel"))
            .set("startedAt", request.get("requestedAt"))
            .build())
        .toList();
    GenericRecordBuilder outcome = new GenericRecordBuilder(schema)
        .set("messageId", request.get("messageId"))
        .set("accountId", request.get("accountId"))
        .set("revision", 1)
        .set("outcome", symbol(schema, "outcome", word))
        .set("attempts", attempts)
        .set("requestedAt", request.get("requestedAt"))
        .set("decidedAt", now);
    if (isReached) {
      outcome.set("channel", steps.get(lastStep).get("channel")).set("attemptIndex", lastStep);
    }
    return outcomes.encode(outcome.build());
  }

  private static GenericRecord recipient(Schema schema, GenericRecord request) {
    GenericRecord given = (GenericRecord) request.get("recipient");
    return new GenericRecordBuilder(schema)
        .set("msisdn", given.get("msisdn"))
        .set("country", given.get("country"))
        .set("channelUserIds", given.get("channelUserIds"))
        .build();
  }

  private static GenericRecord content(Schema schema, GenericRecord request) {
    GenericRecord given = (GenericRecord) request.get("content");
    return new GenericRecordBuilder(schema)
        .set("type", symbol(schema, "type", given.get("type").toString()))
        .set("text", given.get("text"))
        .build();
  }

  private static GenericData.EnumSymbol symbol(Schema schema, String field, String word) {
    return new GenericData.EnumSymbol(schema.getField(field).schema(), word);
  }
}
