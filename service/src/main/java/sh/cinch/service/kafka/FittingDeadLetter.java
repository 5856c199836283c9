package sh.cinch.service.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter that its topic takes. It is larger than its original by the headers that say why;
 * what there is no room for is left out, and {@code cinch-dlq-cut} says so. Its id leads to the
 * original, as long as the topic of that keeps it.
 */
public final class FittingDeadLetter {

  /** In bytes; producers and brokers take a mebibyte unless they are told otherwise. */
  public static final int LARGEST = 1_000_000;

  /** In bytes, where even that was refused. */
  public static final int SMALLEST = 16 * 1024;

  private static final Comparator<Header> OURS_THEN_SHORTEST =
      Comparator.<Header, Boolean>comparing(header -> !isOurs(header))
          .thenComparingLong(FittingDeadLetter::size);

  private static final List<String> PARTS = List.of("key", "headers", "value");
  private static final int RECORD = 200;
  private static final int HEADER = 10;

  private FittingDeadLetter() {}

  /**
   * The record itself, or as much of it as fits: the key whole or not at all, headers whole or not
   * at all, the shorter ones first, and the beginning of the value.
   *
   * @param most bytes
   */
  public static ProducerRecord<byte[], byte[]> of(ProducerRecord<byte[], byte[]> record, int most) {
    if (size(record) <= most) {
      return record;
    }
    Set<String> cut = cutBefore(record);
    byte[] key = record.key();
    if (length(key) > most / 8) {
      key = null;
      cut.add("key");
    }
    RecordHeaders headers = headers(record, most / 4, cut);
    long room = Math.max(0, most - size(key, headers, null));
    byte[] value = record.value();
    if (value != null && value.length > room) {
      value = Arrays.copyOf(value, (int) room);
      cut.add("value");
    }
    headers
        .remove(DeadLetterHeaders.CUT)
        .add(
            DeadLetterHeaders.CUT,
            PARTS.stream().filter(cut::contains).collect(joining(" ")).getBytes(UTF_8));
    return new ProducerRecord<>(record.topic(), record.partition(), key, value, headers);
  }

  private static Set<String> cutBefore(ProducerRecord<byte[], byte[]> record) {
    Set<String> cut = new HashSet<>();
    Header before = record.headers().lastHeader(DeadLetterHeaders.CUT);
    if (before != null && length(before.value()) > 0) {
      Collections.addAll(cut, new String(before.value(), UTF_8).split(" ", -1));
    }
    return cut;
  }

  private static RecordHeaders headers(
      ProducerRecord<byte[], byte[]> record, int room, Set<String> cut) {
    // By identity: headers may be equal, and each takes its room.
    Set<Header> kept = Collections.newSetFromMap(new IdentityHashMap<>());
    long taken = 0;
    for (Header header : all(record).sorted(OURS_THEN_SHORTEST).toList()) {
      taken += size(header);
      if (taken <= room || isOurs(header)) {
        kept.add(header);
      } else {
        cut.add("headers");
      }
    }
    RecordHeaders headers = new RecordHeaders();
    all(record).filter(kept::contains).forEach(headers::add);
    return headers;
  }

  private static boolean isOurs(Header header) {
    return DeadLetterHeaders.ALL.contains(header.key());
  }

  private static Stream<Header> all(ProducerRecord<byte[], byte[]> record) {
    return Arrays.stream(record.headers().toArray());
  }

  /** At least what Kafka makes of it, in bytes. */
  public static long size(ProducerRecord<byte[], byte[]> record) {
    return size(record.key(), record.headers(), record.value());
  }

  private static long size(
      byte @Nullable [] key, Iterable<Header> headers, byte @Nullable [] value) {
    long size = RECORD + length(key) + length(value);
    for (Header header : headers) {
      size += size(header);
    }
    return size;
  }

  private static long size(Header header) {
    return HEADER + header.key().getBytes(UTF_8).length + length(header.value());
  }

  private static long length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
