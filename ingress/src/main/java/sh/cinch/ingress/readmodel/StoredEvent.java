package sh.cinch.ingress.readmodel;

import java.nio.charset.StandardCharsets;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.service.kafka.Incoming;

/** Events in rows: the JSON as it came, which holds whatever characters its texts have. */
final class StoredEvent {

  private StoredEvent() {}

  static String text(Incoming record) {
    return new String(record.value(), StandardCharsets.UTF_8);
  }

  /**
   * @param text of an event that could be read when it came
   */
  static <T> T read(String text, Class<T> type) {
    return switch (EventJson.read(text.getBytes(StandardCharsets.UTF_8), type)) {
      case Reading.Good<T>(T event) -> event;
      case Reading.Bad<T>(String reason) -> throw new IllegalStateException(reason);
    };
  }
}
