package sh.cinch.benchmark.releases;

import java.util.List;
import java.util.stream.IntStream;
import sh.cinch.benchmark.source.Content;

/**
 * What is sent in one round.
 *
 * @param count of files, all with the same content
 */
record Workload(int count, Content content, String sha256) {

  static Workload of(int count, long size) {
    Content content = new Content(size);
    return new Workload(count, content, content.sha256());
  }

  /** New ones in each round, so that nothing is replaced. */
  List<String> names(String round) {
    return IntStream.range(0, count).mapToObj(i -> "%s-%d.bin".formatted(round, i)).toList();
  }

  long bytes() {
    return count * content.size();
  }
}
