package sh.cinch.ingress.readmodel.deadletter;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A reason without what differs from record to record: names, hashes, numbers, quoted words. */
final class ReasonKind {

  private static final Pattern QUOTED = Pattern.compile("'[^']*'");
  private static final Pattern WORD = Pattern.compile("[\\p{L}]+[,;:.]?");
  private static final int WORDS = 12;
  private static final int LONGEST_WORD = 30;

  private ReasonKind() {}

  static String of(String reason) {
    return Arrays.stream(QUOTED.matcher(reason).replaceAll("").split("\\s+", -1))
        .filter(word -> word.length() <= LONGEST_WORD && WORD.matcher(word).matches())
        .limit(WORDS)
        .collect(Collectors.joining(" "));
  }
}
