package sh.cinch.service.config;

import java.util.List;
import java.util.stream.Collectors;
import sh.cinch.schema.text.Visible;

/** Everything that is wrong with the settings, one problem a line. */
public final class ConfigurationException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public ConfigurationException(List<String> problems) {
    super(
        "%s wrong with the settings:\n  - %s"
            .formatted(
                problems.size() == 1 ? "Something is" : problems.size() + " things are",
                problems.stream().map(Visible::oneLine).collect(Collectors.joining("\n  - "))));
  }
}
