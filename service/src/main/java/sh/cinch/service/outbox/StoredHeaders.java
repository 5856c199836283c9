package sh.cinch.service.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jooq.JSONB;

/** Record headers as they lie in a row: in order, repeats and bytes and all. */
public final class StoredHeaders {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The name as bytes, too: Kafka takes a NUL in it, and jsonb does not. */
  @SuppressWarnings("ArrayRecordComponent") // only ever written out and read back
  private record Stored(byte[] name, byte[] value) {}

  private StoredHeaders() {}

  public static JSONB store(Headers headers) {
    try {
      return JSONB.valueOf(
          JSON.writeValueAsString(
              StreamSupport.stream(headers.spliterator(), false)
                  .map(header -> new Stored(header.key().getBytes(UTF_8), header.value()))
                  .toList()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  public static Headers load(JSONB stored) {
    try {
      RecordHeaders headers = new RecordHeaders();
      JSON.readValue(stored.data(), new TypeReference<List<Stored>>() {})
          .forEach(header -> headers.add(new String(header.name(), UTF_8), header.value()));
      return headers;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a row's headers are not as they were stored", e);
    }
  }
}
