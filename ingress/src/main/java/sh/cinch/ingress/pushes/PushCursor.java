package sh.cinch.ingress.pushes;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import sh.cinch.service.http.Problem;

/**
 * How far somebody has read: of each partition the offset that comes next. It means nothing to
 * whoever holds it, and opens nothing: what may be seen is decided by the token, each time.
 *
 * @param topicId Kafka's own, another one where the topic was made anew
 */
record PushCursor(String topicId, List<Long> offsets) {

  private static final String FORM = "pushes";
  private static final String BETWEEN = " ";
  private static final int BASE = 36;
  private static final Pattern OFFSET = Pattern.compile("[0-9a-z]{1,12}");

  PushCursor {
    offsets = List.copyOf(offsets);
  }

  String text() {
    String text =
        String.join(
            BETWEEN,
            FORM,
            topicId,
            offsets.stream()
                .map(offset -> Long.toString(offset, BASE))
                .collect(Collectors.joining(BETWEEN)));
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @throws Problem 400 where it is none that Cinch has given
   */
  static PushCursor of(String text) {
    try {
      List<String> parts =
          Arrays.asList(
              new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8)
                  .split(BETWEEN, -1));
      if (parts.size() > 2 && parts.getFirst().equals(FORM)) {
        List<Long> offsets = new ArrayList<>();
        for (String offset : parts.subList(2, parts.size())) {
          if (!OFFSET.matcher(offset).matches()) {
            throw bad();
          }
          offsets.add(Long.parseLong(offset, BASE));
        }
        return new PushCursor(parts.get(1), offsets);
      }
    } catch (IllegalArgumentException e) {
      // not even an encoded text
    }
    throw bad();
  }

  static Problem bad() {
    return new Problem(
        400,
        "Bad cursor",
        "Send the 'next' of the answer before, 'earliest', or no 'after' at all to begin now.");
  }

  /**
   * The same in the topic as it is now: partitions that were added since are read from their
   * beginning.
   *
   * @throws Problem 400 where the topic has fewer partitions, 410 where something after the cursor
   *     is not kept any more
   */
  PushCursor in(PushTopic.Layout layout) {
    if (!topicId.equals(layout.topicId())) {
      throw gone();
    }
    int partitions = layout.earliest().size();
    if (offsets.size() > partitions) {
      throw bad();
    }
    List<Long> all = new ArrayList<>(offsets);
    all.addAll(layout.earliest().subList(offsets.size(), partitions));
    for (int i = 0; i < partitions; i++) {
      // Beyond the end is not gone: a broker that has just taken over may not know its end yet.
      if (all.get(i) < layout.earliest().get(i)) {
        throw gone();
      }
    }
    return new PushCursor(topicId, all);
  }

  private static Problem gone() {
    return new Problem(
        410,
        "Cursor out of retention",
        "Pushes after this cursor are not kept any more. Go on with after=earliest, which is the"
            + " oldest there is, or without 'after', which is from now on.");
  }
}
