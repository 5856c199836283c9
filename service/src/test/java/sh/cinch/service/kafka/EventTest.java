package sh.cinch.service.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import sh.cinch.schema.event.CredentialEvent;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.trace.Traceparent;

class EventTest {

  @Test
  void isACloudEventInBinaryModeWithItsTrace() {
    UUID id = UUID.randomUUID();
    Instant noon = Instant.parse("2026-11-23T12:00:00.123Z");
    Traceparent trace = Traceparent.begin();
    CredentialEvent body =
        new CredentialEvent(id, "oauth", CredentialEvent.State.HEALTHY, null, null, noon);
    ProducerRecord<byte[], byte[]> record =
        new Event<>(
                Topic.CREDENTIAL,
                id.toString(),
                "e1",
                URI.create("/cinch/token-service"),
                "healthy",
                noon,
                trace,
                body)
            .toRecord();

    assertThat(record.topic()).isEqualTo("cinch.credential.v1");
    assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo(id.toString());
    assertThat(record.value()).isEqualTo(EventJson.write(body));
    assertThat(headers(record))
        .isEqualTo(
            Map.of(
                "ce_specversion", "1.0",
                "ce_id", "e1",
                "ce_source", "/cinch/token-service",
                "ce_type", "sh.cinch.credential",
                "ce_subject", "healthy",
                "ce_time", "2026-11-23T12:00:00.123Z",
                "content-type", "application/json",
                "traceparent", trace.toString()));
    // And as others read it: with CloudEvents' own SDK.
    CloudEvent read = KafkaMessageFactory.createReader(record.headers(), record.value()).toEvent();
    assertThat(read.getId()).isEqualTo("e1");
    assertThat(read.getSource()).isEqualTo(URI.create("/cinch/token-service"));
    assertThat(read.getType()).isEqualTo("sh.cinch.credential");
    assertThat(read.getSubject()).isEqualTo("healthy");
    assertThat(read.getTime()).isEqualTo(noon.atOffset(ZoneOffset.UTC));
    assertThat(read.getDataContentType()).isEqualTo("application/json");
    assertThat(read.getData().toBytes()).isEqualTo(EventJson.write(body));
  }

  private static Map<String, String> headers(ProducerRecord<byte[], byte[]> record) {
    return StreamSupport.stream(record.headers().spliterator(), false)
        .collect(
            Collectors.toMap(
                header -> header.key(),
                header -> new String(header.value(), StandardCharsets.UTF_8)));
  }
}
