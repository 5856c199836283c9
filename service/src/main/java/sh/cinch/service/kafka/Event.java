package sh.cinch.service.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.trace.Traceparent;

/**
 * An event on its way to a topic.
 *
 * @param id the same for the same thing that happened, however often it is sent
 * @param source who says so, {@code /cinch/ingress}
 * @param subject what it is about
 */
public record Event<T>(
    Topic<T> topic,
    String key,
    String id,
    URI source,
    String subject,
    Instant time,
    Traceparent trace,
    T body) {

  /** As CloudEvents 1.0 in Kafka's binary mode. */
  public ProducerRecord<byte[], byte[]> toRecord() {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic.name(), key.getBytes(UTF_8), EventJson.write(body));
    Map.of(
            "ce_specversion",
            "1.0",
            "ce_id",
            id,
            "ce_source",
            source.toString(),
            "ce_type",
            topic.type(),
            "ce_subject",
            subject,
            "ce_time",
            time.toString(),
            "content-type",
            "application/json",
            Traceparent.HEADER,
            trace.toString())
        .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
    return record;
  }
}
