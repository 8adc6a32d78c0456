import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/** Avro behind the registry's prefix: a zero, then the schema's id. Of one thread. */
final class Records {
  private static final int PREFIX_BYTES = 5;

  final Schema schema;
  private final int schemaId;
  private final GenericDatumReader<GenericRecord> reader;
  private final GenericDatumWriter<GenericRecord> writer;
  private BinaryDecoder decoder;
  private BinaryEncoder encoder;

  Records(File file, int schemaId) {
    try {
      schema = new Schema.Parser().parse(file);
    } catch (IOException fault) {
      throw new UncheckedIOException(fault);
    }
    this.schemaId = schemaId;
    reader = new GenericDatumReader<>(schema);
    writer = new GenericDatumWriter<>(schema);
  }

  GenericRecord decode(byte[] bytes) {
    decoder = DecoderFactory.get()
        .binaryDecoder(bytes, PREFIX_BYTES, bytes.length - PREFIX_BYTES, decoder);
    try {
      return reader.read(null, decoder);
    } catch (IOException fault) {
      throw new UncheckedIOException(fault);
    }
  }

  byte[] encode(GenericRecord value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    out.writeBytes(ByteBuffer.allocate(PREFIX_BYTES).put((byte) 0).putInt(schemaId).array());
    encoder = EncoderFactory.get().directBinaryEncoder(out, encoder);
    try {
      writer.write(value, encoder);
    } catch (IOException fault) {
      throw new UncheckedIOException(fault);
    }
    return out.toByteArray();
  }
}
