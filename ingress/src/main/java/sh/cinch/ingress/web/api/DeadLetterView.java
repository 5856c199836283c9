package sh.cinch.ingress.web.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sh.cinch.ingress.readmodel.deadletter.DeadRecord;
import sh.cinch.ingress.readmodel.deadletter.ListedDeadLetter;

/** A dead letter as the API shows it, with its record as far as Kafka has that. */
record DeadLetterView(@JsonUnwrapped ListedDeadLetter letter, Optional<Original> record) {

  /**
   * {@code isWhole}: nothing of it is missing, though what became a dead letter may have been cut.
   */
  record Original(
      Optional<Bytes> key, List<Header> headers, Optional<Bytes> value, boolean isWhole) {}

  record Header(String name, @JsonUnwrapped Bytes value) {}

  /** Either: {@code base64} where it is no UTF-8. */
  record Bytes(Optional<String> text, Optional<String> base64) {

    static Optional<Bytes> of(byte @Nullable [] bytes) {
      return Optional.ofNullable(bytes).map(Bytes::shown);
    }

    private static Bytes shown(byte[] bytes) {
      try {
        String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        return new Bytes(Optional.of(text), Optional.empty());
      } catch (CharacterCodingException e) {
        return new Bytes(Optional.empty(), Optional.of(Base64.getEncoder().encodeToString(bytes)));
      }
    }
  }

  static DeadLetterView of(ListedDeadLetter letter, Optional<DeadRecord> record) {
    return new DeadLetterView(letter, record.map(DeadLetterView::of));
  }

  private static Original of(DeadRecord record) {
    return new Original(
        Bytes.of(record.key()),
        Arrays.stream(record.headers().toArray())
            .map(
                header ->
                    new Header(
                        header.key(),
                        Bytes.of(header.value())
                            .orElse(new Bytes(Optional.empty(), Optional.empty()))))
            .toList(),
        Bytes.of(record.value()),
        record.isWhole());
  }
}
