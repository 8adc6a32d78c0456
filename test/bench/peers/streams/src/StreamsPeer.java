import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/**
 * The same job as a Kafka Streams application: `brokers prefix schemas commandSchemaId outcomeSchemaId stateDir
 * usual|punctual`. Says "ready" when it runs. Standard input holds its timers back ("hold") or lets them go ("go").
 */
public final class StreamsPeer {
  public static void main(String[] args) throws IOException {
    String prefix = args[1];
    boolean isPunctual = args[6].equals("punctual");
    Topology topology = topology(args, Duration.ofMillis(isPunctual ? 5 : 50));
    KafkaStreams streams = new KafkaStreams(topology, settings(args[0], prefix, args[5], isPunctual));
    streams.setStateListener((now, before) -> {
      if (now == KafkaStreams.State.RUNNING) System.out.println("ready");
    });
    Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
    streams.start();
    followOrders();
  }

  private static Topology topology(String[] args, Duration lookEvery) {
    String prefix = args[1];
    int commandId = Integer.parseInt(args[3]);
    int outcomeId = Integer.parseInt(args[4]);
    String requests = prefix + "-requests";
    Topology topology = new Topology()
        .addSource("in", requests, prefix + "-reports")
        .addProcessor(
            "fallback",
            () -> new FallbackProcessor(
                () -> new Contracts(new File(args[2]), commandId, outcomeId), requests, lookEvery),
            "in")
        .addStateStore(
            Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(FallbackProcessor.MESSAGES),
                Serdes.String(),
                Serdes.ByteArray()),
            "fallback")
        .addStateStore(
            Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(FallbackProcessor.TIMERS),
                Serdes.Bytes(),
                Serdes.ByteArray()),
            "fallback")
        .addSink(FallbackProcessor.OUTCOMES, prefix + "-outcomes", "fallback");
    for (String channel : new String[] {"whatsapp", "sms"}) {
      topology.addSink("commands-" + channel, prefix + "-commands-" + channel, "fallback");
    }
    return topology;
  }

  /** As an expert sets them: a thread for each core; where lateness counts, short pauses everywhere. */
  private static Properties settings(String brokers, String prefix, String dir, boolean isPunctual) {
    Properties settings = new Properties();
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, prefix);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, dir);
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, Runtime.getRuntime().availableProcessors());
    settings.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
    settings.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    if (isPunctual) {
      settings.put(StreamsConfig.POLL_MS_CONFIG, 5);
      settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 1);
    }
    return settings;
  }

  private static void followOrders() throws IOException {
    BufferedReader orders = new BufferedReader(new InputStreamReader(System.in));
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      FallbackProcessor.isHeld = order.equals("hold");
    }
    // Whoever had started it is gone.
    System.exit(0);
  }
}
