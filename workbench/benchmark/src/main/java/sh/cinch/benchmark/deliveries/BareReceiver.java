package sh.cinch.benchmark.deliveries;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import sh.cinch.service.config.Environment;
import sh.cinch.service.kafka.Kafka;
import sh.cinch.service.kafka.KafkaSettings;

/**
 * The limit: takes a body in, produces a record as large as a push event with the settings that the
 * ingress produces with, and answers once that is acknowledged. It says its port first.
 */
public final class BareReceiver {

  static final String TOPIC = "cinch.benchmark.bare";

  /** Of a push event, with its headers. */
  private static final int RECORD = 1_050;

  private static final Duration WITHIN = Duration.ofSeconds(3);
  private static final int KEYS = 64;

  private final Producer<byte[], byte[]> producer;

  private BareReceiver(Producer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  public static void main(String[] arguments) throws InterruptedException {
    KafkaSettings kafka = Environment.read(System.getenv(), KafkaSettings::from);
    BareReceiver receiver = new BareReceiver(new Kafka(kafka).producer(WITHIN));
    Vertx vertx = Vertx.vertx();
    HttpServer server =
        vertx.createHttpServer().requestHandler(receiver::receive).listen(0).await();
    System.out.println(server.actualPort());
    Thread.currentThread().join();
  }

  private void receive(HttpServerRequest request) {
    request.body().onSuccess(body -> produce(request, body));
  }

  private void produce(HttpServerRequest request, Buffer body) {
    byte[] key =
        String.valueOf(ThreadLocalRandom.current().nextInt(KEYS)).getBytes(StandardCharsets.UTF_8);
    Future<RecordMetadata> unused =
        producer.send(
            new ProducerRecord<>(TOPIC, key, body.getBytes(0, Math.min(RECORD, body.length()))),
            (sent, failure) -> request.response().setStatusCode(failure == null ? 202 : 503).end());
  }
}
