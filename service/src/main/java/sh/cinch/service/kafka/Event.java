package sh.cinch.service.kafka;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
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

  private static final String JSON = "application/json";

  /** As CloudEvents 1.0 in Kafka's binary mode. */
  public ProducerRecord<byte[], byte[]> toRecord() {
    CloudEvent event =
        CloudEventBuilder.v1()
            .withId(id)
            .withSource(source)
            .withType(topic.type())
            .withSubject(subject)
            .withTime(time.atOffset(ZoneOffset.UTC))
            .withDataContentType(JSON)
            .withData(EventJson.write(body))
            .build();
    ProducerRecord<String, byte[]> written =
        KafkaMessageFactory.<String>createWriter(topic.name(), key).writeBinary(event);
    RecordHeaders headers = new RecordHeaders(written.headers());
    headers.add(Traceparent.HEADER, trace.toString().getBytes(StandardCharsets.UTF_8));
    return new ProducerRecord<>(
        topic.name(), null, key.getBytes(StandardCharsets.UTF_8), written.value(), headers);
  }
}
